"""Brand colours on paper: what follows from three of them, and whether texts in them can be read.

The pairs are those of ui.md, section 2, by the formula of WCAG 2.2. Source: requirement X-03.
"""

from collections.abc import Mapping
from dataclasses import dataclass

TEXT = 4.5
BLACK, WHITE, NIGHT = "#000000", "#FFFFFF", "#16120F"
GROUNDS = {
    "light": {"surface": "#FFFFFF", "ground": "#FAF5EC"},
    "dark": {"surface": "#211B17", "ground": "#16120F", "raised": "#2A231E"},
}
ON_HEADER = {
    "light": {"on-header": "#FFFDF8", "on-header-2": "#CFE5DA", "stripe": "#F8E8C6"},
    "dark": {"on-header": "#F6EFE5", "on-header-2": "#B9D6C9", "stripe": "#D9C79F"},
}
STEPS = 20
Palette = dict[str, str]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A pair that cannot be read: which colour of the three it comes from, and how it stands."""

    colour: str
    theme: str
    text: str
    ground: str
    contrast_x10: int


def luminance(colour: str) -> float:
    """How bright a colour is, from 0 to 1."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The ratio of two colours, from 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def mix(colour: str, other: str, share: float) -> str:
    """``colour`` with a share of ``other`` in it."""
    pairs = (
        (int(colour[place : place + 2], 16), int(other[place : place + 2], 16))
        for place in (1, 3, 5)
    )
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


def readable(colour: str, towards: str, grounds: tuple[str, ...]) -> str:
    """The colour, taken towards black or white only as far as it can be read on all of these."""
    for step in range(STEPS + 1):
        found = mix(colour, towards, step / STEPS)
        if all(contrast(found, ground) >= TEXT for ground in grounds):
            return found
    return towards


def palettes(*, brand: str = "", action: str = "", honey: str = "") -> dict[str, Palette]:
    """The tokens that follow from the colours that are given, for both themes."""
    light: Palette = {}
    dark: Palette = {}
    if brand:
        _brand(brand, light, dark)
    if action:
        _action(action, light, dark)
    if honey:
        _honey(honey, light, dark)
    return {"light": light, "dark": dark}


def _brand(brand: str, light: Palette, dark: Palette) -> None:
    light.update(
        {
            "header": brand,
            "header-deep": mix(brand, BLACK, 0.28),
            "brand": brand,
            "brand-soft": mix(brand, WHITE, 0.88),
            "on-brand": WHITE,
            "flag": brand,
        }
    )
    soft = mix(brand, NIGHT, 0.78)
    lifted = readable(brand, WHITE, (*GROUNDS["dark"].values(), soft))
    dark.update(
        {
            "header": mix(brand, BLACK, 0.34),
            "header-deep": mix(brand, BLACK, 0.52),
            "brand": lifted,
            "brand-soft": soft,
            "on-brand": readable(brand, BLACK, (lifted,)),
            "flag": brand,
        }
    )


def scale(brand: str) -> Palette:
    """Eleven steps of the brand's colour, from paper to ink: 600 is itself, and carries white; 500
    can be read on the grounds of the dark theme."""
    lifted = readable(brand, WHITE, tuple(GROUNDS["dark"].values()))
    pale = {"50": 0.94, "100": 0.88, "200": 0.78, "300": 0.66}
    deep = {"700": 0.24, "800": 0.36, "900": 0.5, "950": 0.66}
    return {
        **{step: mix(brand, WHITE, share) for step, share in pale.items()},
        "400": mix(lifted, WHITE, 0.3),
        "500": lifted,
        "600": brand,
        **{step: mix(brand, BLACK, share) for step, share in deep.items()},
    }


def _action(action: str, light: Palette, dark: Palette) -> None:
    soft = mix(action, WHITE, 0.92)
    deep = mix(action, BLACK, 0.17)
    light.update(
        {
            "action": action,
            "action-hover": deep,
            "action-soft": soft,
            "price": readable(action, BLACK, (*GROUNDS["light"].values(), soft)),
            "on-action": WHITE,
            "flag-hot": action,
            "deal": f"linear-gradient(100deg, {deep}, {action} 60%, {deep})",
            "deal-deep": f"radial-gradient(130% 90% at 50% 0, {action}, {deep})",
            "bar-run": f"linear-gradient(90deg, {mix(action, WHITE, 0.4)}, {action})",
            "on-clock": readable(action, BLACK, ("#FFF4E4",)),
        }
    )
    shade = mix(action, NIGHT, 0.78)
    dark.update(
        {
            "action": action,
            "action-hover": mix(action, BLACK, 0.1),
            "action-soft": shade,
            "price": readable(action, WHITE, (*GROUNDS["dark"].values(), shade)),
            "on-action": WHITE,
        }
    )


def _honey(honey: str, light: Palette, dark: Palette) -> None:
    soft, hover = mix(honey, WHITE, 0.76), mix(honey, BLACK, 0.07)
    light.update(
        {
            "honey": honey,
            "honey-hover": hover,
            "honey-soft": soft,
            "honey-ink": readable(honey, BLACK, (*GROUNDS["light"].values(), soft)),
            "on-honey": readable(mix(honey, BLACK, 0.6), BLACK, (honey, hover)),
        }
    )
    lifted, shade = mix(honey, WHITE, 0.12), mix(honey, NIGHT, 0.82)
    dark.update(
        {
            "honey": lifted,
            "honey-hover": honey,
            "honey-soft": shade,
            "honey-ink": readable(honey, WHITE, (*GROUNDS["dark"].values(), shade)),
            "on-honey": readable(mix(honey, BLACK, 0.6), BLACK, (lifted, honey)),
        }
    )


PAIRS = (
    ("brand", "brand", "surface"),
    ("brand", "brand", "ground"),
    ("brand", "brand", "brand-soft"),
    ("brand", "on-brand", "brand"),
    ("brand", "on-header", "header"),
    ("brand", "on-header-2", "header"),
    ("brand", "stripe", "header-deep"),
    ("action", "price", "surface"),
    ("action", "price", "ground"),
    ("action", "price", "action-soft"),
    ("action", "on-action", "action"),
    ("action", "on-action", "action-hover"),
    ("honey", "honey-ink", "honey-soft"),
    ("honey", "honey-ink", "surface"),
    ("honey", "on-honey", "honey"),
    ("honey", "on-honey", "honey-hover"),
)
"""(which of the three, text, what it stands on)."""


def unreadable(found: Mapping[str, Palette]) -> list[Unreadable]:
    """The pairs under 4.5, of both themes."""
    problems = []
    for theme, palette in found.items():
        colours = {**GROUNDS[theme], **ON_HEADER[theme], **palette}
        for source, text, ground in PAIRS:
            if source not in palette:
                continue
            ratio = contrast(colours[text], colours[ground])
            if ratio < TEXT:
                problems.append(Unreadable(source, theme, text, ground, int(ratio * 10)))
    return problems


FONTS = {
    "serif": '"Songti SC", "Noto Serif SC", "Noto Serif CJK SC", "Source Han Serif SC", serif',
    "round": '"Yuanti SC", "HarmonyOS Sans SC", "MiSans", "Noto Sans SC", system-ui, sans-serif',
}


def stylesheet(found: Mapping[str, Palette], font: str = "sans") -> str:
    """The tokens as CSS: light, dark when chosen, dark when the system is."""
    light = _rules(found["light"])
    if font in FONTS:
        light += f"--font:{FONTS[font]};"
    dark = _rules(found["dark"])
    auto = f'@media (prefers-color-scheme: dark){{:root[data-theme="auto"]{{{dark}}}}}'
    return f':root{{{light}}}[data-theme="dark"]{{{dark}}}{auto}'


def _rules(palette: Palette) -> str:
    return "".join(f"--{name}:{value};" for name, value in palette.items())
