"""Languages told from real and from short texts."""

import pytest

from filrouge.lib.language import LANGUAGES, detect


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The watch does not sync with my phone any more", "en"),
        ("La montre ne se synchronise plus avec mon téléphone", "fr"),
        ("Impossible d’ouvrir l’application depuis hier", "fr"),
        ("Die Uhr verbindet sich nicht mehr mit dem Handy", "de"),
        ("El reloj ya no se conecta con el teléfono", "es"),
        ("时钟不再与我的手机同步，请修复", "zh"),
        ("Часы больше не синхронизируются с телефоном", "ru"),
        ("", "und"),
        ("12345 !!! 67890", "und"),
        ("👍👍👍", "und"),
        ("ok", "und"),
        ("https://example.org/the-and-this-that", "und"),
        ("\ud800" * 40, "und"),
    ],
)
def test_a_language_is_told_or_left_open(text: str, language: str) -> None:
    assert detect(text) == language


def test_a_long_text_is_told_by_its_beginning() -> None:
    assert detect("x" * 1_000_000) in LANGUAGES
