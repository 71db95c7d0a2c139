"""Every colour that may be saved can be read in the console's frame, too (X-03)."""

import pytest

from promotions.content.colours import GROUNDS, WHITE, contrast, palettes, scale, unreadable

AA = 4.5


@pytest.mark.parametrize("brand", ["#0A4D8C", "#7A1F5C", "#1B5646", "#8A3B12", "#26201B"])
def test_X_03_steps_of_the_brand_keep_their_contrast(brand):
    assert unreadable(palettes(brand=brand)) == []

    steps = scale(brand)

    assert contrast(WHITE, steps["600"]) >= AA
    assert contrast(WHITE, steps["700"]) >= AA
    assert contrast(steps["600"], GROUNDS["light"]["ground"]) >= AA
    assert contrast(steps["700"], steps["100"]) >= AA
    assert all(contrast(steps["500"], ground) >= AA for ground in GROUNDS["dark"].values())


def test_a_scale_goes_from_paper_to_ink():
    steps = scale("#0A4D8C")

    order = sorted(steps, key=int)
    bright = [contrast(steps[step], "#000000") for step in order]
    assert bright == sorted(bright, reverse=True)
    assert steps["600"] == "#0A4D8C"
