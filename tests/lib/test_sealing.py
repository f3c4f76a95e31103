"""Sealed values come back with the same key only."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from filrouge.lib.sealing import BadSeal, Sealer, load_key


def test_a_sealed_value_comes_back() -> None:
    sealer = Sealer(Fernet.generate_key())
    sealed = sealer.seal("Léa")
    assert "Léa".encode() not in sealed
    assert sealer.unseal(sealed) == "Léa"
    assert sealer.unseal(memoryview(sealed)) == "Léa"  # type: ignore[arg-type]  # as psycopg hands it over
    assert sealer.seal("Léa") != sealed


def test_another_key_or_a_damaged_value_is_refused() -> None:
    sealed = Sealer(Fernet.generate_key()).seal("Léa")
    for value in (sealed, sealed[:-3], b""):
        with pytest.raises(BadSeal, match="another key"):
            Sealer(Fernet.generate_key()).unseal(value)


def test_digests_compare_without_telling() -> None:
    key = Fernet.generate_key()
    digest = Sealer(key).digest("email", "Lea@Example.org ")
    assert digest == Sealer(key).digest("email", "lea@example.org")
    assert digest != Sealer(key).digest("name", "lea@example.org")
    assert digest != Sealer(Fernet.generate_key()).digest("email", "lea@example.org")
    assert len(digest) == 64


def test_the_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "data" / "secret.key"
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(load_key, [file] * 64))
    assert len(keys) == 1
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [found.name for found in file.parent.iterdir()] == ["secret.key"]
    assert Sealer(keys.pop())
