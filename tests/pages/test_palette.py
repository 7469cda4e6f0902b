"""Contrast of the palettes, measured as WCAG 2 does."""

import re

import pytest

from tests.support.paths import ROOT

TEXT = (ROOT / "templates/palette.css").read_text(encoding="utf-8")
LIGHT, DARK = (
    dict(re.findall(r"--([a-z0-9]+): *(#[0-9a-f]{3,6})", part)) for part in TEXT.split("@media", 1)
)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(ink: str, ground: str) -> float:
    light, dark = sorted((luminance(ink), luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_text_has_four_and_a_half_and_shapes_three(palette: dict[str, str]) -> None:
    for ink in ("ink", "muted", "link"):
        for ground in ("bg", "panel", "demo"):
            assert contrast(palette[ink], palette[ground]) >= 4.5, (ink, ground)
    for shape in ("s1", "s2", "s3", "s4", "ok", "warn", "bad", "axis", "hatch", "muted"):
        assert contrast(palette[shape], palette["bg"]) >= 3, shape


def test_both_palettes_name_the_same_colours() -> None:
    assert DARK.keys() == LIGHT.keys()
