"""Every pair of colours that pages put together is readable, in light and in dark (WCAG 2.2 AA)."""

import math
import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[1] / "static/ui/css/tokens.css"
GROUNDS = ("paper", "raised", "sunk", "hover")
Colour = tuple[float, float, float]

TEXT = [
    (text, ground) for text in ("ink", "quiet", "faint", "thread-text", "good", "warn") for ground in GROUNDS
]
TEXT += [(text, "thread-wash") for text in ("ink", "quiet", "thread-text")] + [("paper", "ink")]
SIGNS = [
    (sign, ground) for sign in ("thread", "edge", "good", "warn") for ground in ("paper", "raised", "sunk")
]


def tokens(dark: bool) -> dict[str, Colour]:
    number = r"([\d.]+)"
    colour = rf"oklch\({number} {number} {number}\)"
    found = re.findall(rf"--([\w-]+): light-dark\({colour}, {colour}\)", TOKENS.read_text())
    at = 4 if dark else 1
    return {row[0]: (float(row[at]), float(row[at + 1]), float(row[at + 2])) for row in found}


def luminance(colour: Colour) -> float:
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def linear(colour: Colour) -> Colour:
    """Oklch to linear sRGB, clipped to what a screen shows."""
    lightness, chroma, hue = colour
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    return tuple(min(max(part, 0.0), 1.0) for part in (red, green, blue))  # type: ignore[return-value]


def contrast(one: Colour, other: Colour) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_measure_knows_black_white_and_grey() -> None:
    assert contrast((0, 0, 0), (1, 0, 0)) == pytest.approx(21, abs=0.01)
    assert contrast((0.5999, 0, 0), (1, 0, 0)) == pytest.approx(3.95, abs=0.05)  # #808080 on white


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_reaches_four_and_a_half(text: str, ground: str, dark: bool) -> None:
    known = tokens(dark)
    assert contrast(known[text], known[ground]) >= 4.5


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("sign", "ground"), SIGNS)
def test_signs_and_edges_of_controls_reach_three(sign: str, ground: str, dark: bool) -> None:
    known = tokens(dark)
    assert contrast(known[sign], known[ground]) >= 3
