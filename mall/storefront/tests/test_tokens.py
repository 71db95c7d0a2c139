"""The colours: both dark blocks are one, pairs keep their contrast, no colour hides elsewhere."""

import re
from pathlib import Path

import pytest
from django.conf import settings

CSS = Path(settings.BASE_DIR) / "static" / "css"
TEXT, EDGE = 4.5, 3.0
PAIRS = [
    *[
        (ink, ground, TEXT)
        for ink in ("ink", "ink-2", "ink-3")
        for ground in ("ground", "surface", "sunken")
    ],
    *[(ink, "raised", TEXT) for ink in ("ink", "ink-2", "ink-3", "brand")],
    ("brand", "ground", TEXT),
    ("brand", "surface", TEXT),
    ("brand", "brand-soft", TEXT),
    ("on-brand", "brand", TEXT),
    *[("on-header", ground, TEXT) for ground in ("header", "header-deep")],
    *[("on-header-2", ground, TEXT) for ground in ("header", "header-deep")],
    ("stripe", "header-deep", TEXT),
    *[("price", ground, TEXT) for ground in ("surface", "ground", "action-soft", "raised")],
    ("on-action", "action", TEXT),
    ("on-action", "action-hover", TEXT),
    ("honey-ink", "honey-soft", TEXT),
    ("honey-ink", "surface", TEXT),
    ("on-honey", "honey", TEXT),
    ("on-honey", "honey-hover", TEXT),
    ("info", "info-soft", TEXT),
    ("danger", "surface", TEXT),
    ("danger", "danger-soft", TEXT),
    ("warn", "surface", TEXT),
    ("ok", "surface", TEXT),
    ("line-strong", "surface", EDGE),
    ("stars", "surface", EDGE),
    ("focus", "ground", EDGE),
    ("focus", "surface", EDGE),
]


def blocks() -> dict[str, dict[str, str]]:
    css = (CSS / "tokens.css").read_text()
    found = {
        "light": re.search(r"^:root \{(.*?)^\}", css, re.S | re.M),
        "dark": re.search(r'^\[data-theme="dark"\] \{(.*?)^\}', css, re.S | re.M),
        "auto": re.search(r'^  :root\[data-theme="auto"\] \{(.*?)^  \}', css, re.S | re.M),
    }
    return {
        name: dict(re.findall(r"--([\w-]+): ([^;]+);", match.group(1)))
        for name, match in found.items()
        if match
    }


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground", "least"), PAIRS)
def test_pair_keeps_its_contrast(theme, text, ground, least):
    colours = blocks()[theme]

    assert contrast(colours[text], colours[ground]) >= least


def test_dark_by_choice_and_dark_by_system_are_the_same():
    found = blocks()

    assert found["dark"] == found["auto"]
    assert set(found["dark"]) <= set(found["light"])


@pytest.mark.parametrize("name", ["base", "components", "pages"])
def test_only_the_tokens_name_a_colour(name):
    css = (CSS / f"{name}.css").read_text()
    masks = re.sub(r"(-webkit-)?mask:[^;]+;", "", css)

    assert re.findall(r"#[0-9A-Fa-f]{3,8}\b", masks) == []


@pytest.mark.parametrize("name", ["base", "components", "pages"])
def test_every_used_token_is_defined(name):
    css = (CSS / f"{name}.css").read_text()
    every = "".join(path.read_text() for path in CSS.glob("*.css"))
    defined = set(re.findall(r"--([\w-]+):", every))

    assert set(re.findall(r"var\(--([\w-]+)", css)) <= defined


def test_no_text_is_smaller_than_eleven_pixels():
    css = "".join(path.read_text() for path in CSS.glob("*.css"))

    assert min(int(size) for size in re.findall(r"font(?:-size)?:[^;]*?\b(\d+)px", css)) >= 11
