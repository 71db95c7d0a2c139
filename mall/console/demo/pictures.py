"""Draw the demo's pictures; a maintainer runs it by hand:

    python -m mall.console.demo.pictures EMOJI_DIR

EMOJI_DIR is the ``assets`` folder of the npm package ``@lobehub/fluent-emoji-3d`` 1.1.0 (256 px
WebP files; Fluent Emoji (c) Microsoft Corporation, MIT). What each picture shows stands in
``data/pictures.json``: palette, scene, hero, props. The same line always gives the same picture,
so a rerun changes only what was changed there. ``--only NAME ...`` redraws single ones, ``--out``
writes elsewhere for a look.
"""

import argparse
import hashlib
import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from mall.console.demo.figures import Figure, lay_down, render, set_down, source
from mall.console.demo.scenes import empty_stage
from mall.console.demo.stage import PALETTES, Colour, Size, colour, tint

HERE = Path(__file__).resolve().parent
SPECS, MEDIA = HERE / "data" / "pictures.json", HERE / "media"
SQUARE: Size = (800, 800)
MAX_BYTES = 200 * 1024
ICON_SIDE = 112
GRAIN_SIDE, GRAIN_DEPTH = 160, 4
VIGNETTE = colour("#28180A")
HERO_HEIGHT = {"ramp": 0.60, "flat": 0.62}
HERO_WIDTH = 0.62
FIGURE_KEYS = tuple(field.name for field in fields(Figure))


@dataclass(frozen=True, slots=True)
class Prop:
    """A small thing beside the hero: centre x, foot and size as shares of the picture."""

    figure: Figure
    x: float
    foot: float
    size: float
    layer: str  # back, front, air


@dataclass(frozen=True, slots=True)
class Spec:
    """One line of ``pictures.json``."""

    name: str
    palette: str
    scene: str
    hero: Figure
    props: tuple[Prop, ...] = ()
    size: Size = SQUARE
    focus: float = 0.5
    height: float = 0.0

    @property
    def widths(self) -> tuple[int, ...]:
        return (400, 200) if self.size == SQUARE else (640,)


def read_specs(path: Path = SPECS) -> tuple[list[Spec], list[str]]:
    """The pictures and the category icons that ``path`` asks for."""
    data = json.loads(path.read_text(encoding="utf-8"))
    return [_spec(line) for line in data["pictures"]], data["icons"]


def _spec(line: dict[str, Any]) -> Spec:
    return Spec(
        name=line["name"],
        palette=line["palette"],
        scene=line["scene"],
        hero=_figure(line["hero"]),
        props=tuple(_prop(entry) for entry in line.get("props", ())),
        size=tuple(line.get("size", SQUARE)),
        focus=line.get("focus", 0.5),
        height=line.get("height", 0.0),
    )


def _prop(entry: dict[str, Any]) -> Prop:
    x, foot, size = entry["at"]
    return Prop(_figure(entry), x, foot, size, entry["layer"])


def _figure(entry: dict[str, Any]) -> Figure:
    return Figure(**{key: entry[key] for key in FIGURE_KEYS if key in entry})


def compose(folder: Path, spec: Spec) -> Image.Image:
    """The finished picture: back props, hero, front props, then vignette and grain."""
    empty, foot = empty_stage(spec.size, spec.palette, spec.scene, spec.focus)
    canvas = empty.copy()
    shade = PALETTES[spec.palette].shade
    _place_props(canvas, folder, spec, layers=("back", "air"))
    hero, (width, height) = _hero(folder, spec), spec.size
    if spec.scene == "flat":
        middle = height * 0.5 + hero.height / 2
        lay_down(canvas, hero, cx=width * spec.focus, foot=middle, shade=shade)
    else:
        set_down(canvas, hero, cx=width * spec.focus, foot=foot, shade=shade)
    _place_props(canvas, folder, spec, layers=("front",))
    return _finish(canvas, spec.name)


def _hero(folder: Path, spec: Spec) -> Image.Image:
    """The hero at its height, or lower when it would be wider than 62 % of the picture."""
    height = spec.size[1]
    tall = height * (spec.height or HERO_HEIGHT.get(spec.scene, 0.54))
    hero = render(folder, spec.hero, tall)
    room = height * HERO_WIDTH
    return hero if hero.width <= room else render(folder, spec.hero, tall * room / hero.width)


def _place_props(canvas: Image.Image, folder: Path, spec: Spec, *, layers: tuple[str, ...]) -> None:
    width, height = spec.size
    shade: Colour = PALETTES[spec.palette].shade
    for prop in (prop for prop in spec.props if prop.layer in layers):
        icon = render(folder, prop.figure, height * prop.size)
        put = lay_down if prop.layer == "air" or spec.scene == "flat" else set_down
        put(canvas, icon, cx=width * prop.x, foot=height * prop.foot, shade=shade)


def _finish(canvas: Image.Image, seed: str) -> Image.Image:
    """A slight vignette and a fine grain, so that gradients neither band nor look drawn."""
    w, h = canvas.size
    edge = Image.new("L", canvas.size, 70)
    ImageDraw.Draw(edge).ellipse((-w * 0.18, -h * 0.18, w * 1.18, h * 1.18), fill=0)
    edge = edge.filter(ImageFilter.GaussianBlur(h * 0.16)).point(lambda v: v // 3)
    tint(canvas, edge, VIGNETTE)
    noise = hashlib.shake_128(seed.encode()).digest(GRAIN_SIDE * GRAIN_SIDE)
    depth = 2 * GRAIN_DEPTH + 1
    tile = Image.frombytes(
        "L", (GRAIN_SIDE, GRAIN_SIDE), bytes(128 - GRAIN_DEPTH + byte % depth for byte in noise)
    )
    grain = Image.new("L", canvas.size)
    for x in range(0, w, GRAIN_SIDE):
        for y in range(0, h, GRAIN_SIDE):
            grain.paste(tile, (x, y))
    return ImageChops.add(canvas.convert("RGB"), Image.merge("RGB", (grain,) * 3), 1, -128)


def save(picture: Image.Image, out: Path, spec: Spec) -> None:
    """Write the picture and its small copies; the quality falls until the file is small enough."""
    for quality in (82, 74, 66, 58):
        path = out / f"{spec.name}.webp"
        picture.save(path, "WEBP", quality=quality, method=6)
        if path.stat().st_size <= MAX_BYTES:
            break
    for width in spec.widths:
        size = (width, round(width * picture.height / picture.width))
        small = picture.resize(size, Image.Resampling.LANCZOS)
        small.save(out / f"{spec.name}-{width}.webp", "WEBP", quality=80, method=6)


def save_icon(folder: Path, code: str, out: Path) -> None:
    """The bare icon of a category, on nothing, centred in a square."""
    icon = source(folder, code).copy()
    icon.thumbnail((ICON_SIDE - 4, ICON_SIDE - 4), Image.Resampling.LANCZOS)
    square = Image.new("RGBA", (ICON_SIDE, ICON_SIDE), (0, 0, 0, 0))
    square.paste(icon, ((ICON_SIDE - icon.width) // 2, (ICON_SIDE - icon.height) // 2))
    square.save(out / f"icon-{code}.webp", "WEBP", quality=84, method=6)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("emoji", type=Path)
    parser.add_argument("--out", type=Path, default=MEDIA)
    parser.add_argument("--specs", type=Path, default=SPECS)
    parser.add_argument("--only", nargs="*", default=None, metavar="NAME")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    specs, icons = read_specs(options.specs)
    for spec in specs:
        if options.only is None or spec.name in options.only:
            save(compose(options.emoji, spec), options.out, spec)
    if options.only is None:
        for code in icons:
            save_icon(options.emoji, code, options.out)


if __name__ == "__main__":
    main()
