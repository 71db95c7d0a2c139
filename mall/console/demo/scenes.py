"""What stands behind and under the goods: one backdrop and one plinth a scene."""

from collections.abc import Callable
from functools import cache

from PIL import Image, ImageDraw, ImageFilter

from mall.console.demo.stage import (
    PALETTES,
    SUNLIGHT,
    WHITE,
    Palette,
    Size,
    arch_mask,
    ellipse_mask,
    fill,
    gradient,
    mix,
    panel_mask,
    pedestal,
    soft,
    tint,
)

Backdrop = Callable[[Image.Image, Palette, float], None]
Plinth = Callable[[Image.Image, Palette, float], float]


def _arch(canvas: Image.Image, palette: Palette, cx: float) -> None:
    size, h = canvas.size, canvas.height
    shadow = (cx - h * 0.26, h * 0.10, cx + h * 0.42, h * 0.86)
    soft(canvas, shadow, palette.shade, alpha=60, blur=h * 0.035)
    outer = arch_mask(size, cx, h * 0.08, h * 0.66, h * 0.80)
    fill(canvas, outer, mix(palette.backdrop, palette.shade, 0.16), palette.backdrop)
    inner = arch_mask(size, cx + h * 0.014, h * 0.108, h * 0.60, h * 0.80)
    fill(canvas, inner, mix(palette.wall_bottom, palette.shade, 0.10), palette.wall_top)


def _disc(canvas: Image.Image, palette: Palette, cx: float) -> None:
    """A round niche: a pale lip, dark above where the light does not reach."""
    h = canvas.height
    shadow = (cx - h * 0.28, h * 0.13, cx + h * 0.38, h * 0.77)
    soft(canvas, shadow, palette.shade, alpha=48, blur=h * 0.04)
    lip = ellipse_mask(canvas.size, (cx - h * 0.34, h * 0.08, cx + h * 0.34, h * 0.76))
    fill(canvas, lip, palette.stone, palette.backdrop)
    niche = ellipse_mask(canvas.size, (cx - h * 0.315, h * 0.105, cx + h * 0.32, h * 0.74))
    fill(canvas, niche, mix(palette.wall_bottom, palette.shade, 0.12), palette.wall_top)


def _moon(canvas: Image.Image, palette: Palette, cx: float) -> None:
    h = canvas.height
    shadow = (cx - h * 0.06, h * 0.14, cx + h * 0.45, h * 0.65)
    soft(canvas, shadow, palette.shade, alpha=36, blur=h * 0.03)
    moon = ellipse_mask(canvas.size, (cx - h * 0.09, h * 0.11, cx + h * 0.41, h * 0.61))
    fill(canvas, moon, palette.stone, mix(palette.floor, palette.wall_bottom, 0.5))


def _sunrise(canvas: Image.Image, palette: Palette, cx: float) -> None:
    """Half a sun on the horizon, in a paler ring: the wide one for tall and round goods."""
    h = canvas.height
    tones = (mix(palette.wall_bottom, palette.wall_top, 0.45), mix(palette.floor, WHITE, 0.1))
    for radius, tone in zip((0.46, 0.35), tones, strict=True):
        box = (cx - h * radius, h * (0.70 - radius), cx + h * radius, h * (0.70 + radius))
        fill(canvas, ellipse_mask(canvas.size, box), tone, mix(tone, palette.stone, 0.55))


def _screen(canvas: Image.Image, palette: Palette, cx: float) -> None:
    """Two plaster panels, one before the other."""
    size, h = canvas.size, canvas.height
    for dx, top, width in ((-0.15, 0.13, 0.40), (0.10, 0.07, 0.46)):
        box = (cx + h * (dx - width / 2), h * top, cx + h * (dx + width / 2), h * 0.84)
        cast = (box[0] + h * 0.03, box[1] + h * 0.02, box[2] + h * 0.07, box[3])
        soft(canvas, cast, palette.shade, alpha=55, blur=h * 0.03)
        panel = panel_mask(size, box, h * 0.05)
        fill(canvas, panel, palette.stone, mix(palette.backdrop, palette.shade, 0.04))


def _window(canvas: Image.Image, palette: Palette, cx: float) -> None:
    """Slanting light through a window with bars, on a wall made a little darker for it."""
    w, h = canvas.size
    dusk = mix(palette.wall_bottom, palette.shade, 0.07)
    wall = gradient(canvas.size, dusk, mix(palette.wall_bottom, palette.wall_top, 0.5))
    canvas.paste(Image.blend(canvas, wall, 0.8))
    light = Image.new("L", canvas.size, 0)
    pen = ImageDraw.Draw(light)
    left = cx - h * 0.24
    for column in range(2):
        for row in range(3):
            x = left + h * 0.27 * column
            y = h * (-0.04 + row * 0.245 + 0.10 * column)
            corners = [(x, y), (x + h * 0.245, y + h * 0.09)]
            corners += [(x + h * 0.245, y + h * 0.31), (x, y + h * 0.22)]
            pen.polygon(corners, fill=60 if palette.is_dark else 165)
    tint(canvas, light.filter(ImageFilter.GaussianBlur(w * 0.011)), SUNLIGHT)


def _flat(canvas: Image.Image, palette: Palette, cx: float) -> None:
    """A plaster dish seen from above; things lie on it."""
    h = canvas.height
    shadow = (cx - h * 0.36, h * 0.14, cx + h * 0.43, h * 0.93)
    soft(canvas, shadow, palette.shade, alpha=60, blur=h * 0.035)
    rim = ellipse_mask(canvas.size, (cx - h * 0.40, h * 0.10, cx + h * 0.40, h * 0.90))
    fill(canvas, rim, palette.stone, mix(palette.backdrop, palette.shade, 0.10))
    dish = ellipse_mask(canvas.size, (cx - h * 0.375, h * 0.125, cx + h * 0.375, h * 0.875))
    fill(canvas, dish, mix(palette.backdrop, palette.shade, 0.05), palette.stone)


def _on_round(canvas: Image.Image, palette: Palette, cx: float) -> float:
    h = canvas.height
    pedestal(canvas, palette, cx=cx, top=h * 0.765, width=h * 0.54, height=h * 0.09)
    return h * 0.782


def _on_steps(canvas: Image.Image, palette: Palette, cx: float) -> float:
    h = canvas.height
    pedestal(canvas, palette, cx=cx + h * 0.17, top=h * 0.66, width=h * 0.36, height=h * 0.15)
    pedestal(canvas, palette, cx=cx - h * 0.03, top=h * 0.775, width=h * 0.46, height=h * 0.085)
    return h * 0.782


def _on_wide(canvas: Image.Image, palette: Palette, cx: float) -> float:
    h = canvas.height
    pedestal(canvas, palette, cx=cx, top=h * 0.77, width=h * 0.72, height=h * 0.07)
    return h * 0.785


def _on_tiers(canvas: Image.Image, palette: Palette, cx: float) -> float:
    h = canvas.height
    pedestal(canvas, palette, cx=cx, top=h * 0.82, width=h * 0.66, height=h * 0.06)
    pedestal(canvas, palette, cx=cx, top=h * 0.765, width=h * 0.48, height=h * 0.055)
    return h * 0.782


def _on_nothing(canvas: Image.Image, palette: Palette, cx: float) -> float:
    return canvas.height * 0.86


BACKDROPS: dict[str, Backdrop] = {
    "arch": _arch,
    "disc": _disc,
    "window": _window,
    "steps": _moon,
    "ramp": _moon,
    "sunrise": _sunrise,
    "screen": _screen,
    "flat": _flat,
}
PLINTHS: dict[str, Plinth] = {
    "arch": _on_round,
    "disc": _on_tiers,
    "window": _on_round,
    "steps": _on_steps,
    "ramp": _on_wide,
    "sunrise": _on_tiers,
    "screen": _on_round,
    "flat": _on_nothing,
}


@cache
def empty_stage(
    size: Size, palette_name: str, scene: str, focus: float
) -> tuple[Image.Image, float]:
    """An empty stage and the y on which the hero stands. Copy the picture before drawing on it."""
    palette = PALETTES[palette_name]
    width, height = size
    cx = width * focus
    canvas = gradient(size, palette.wall_top, palette.wall_bottom)
    glow = (-width * 0.25, -height * 0.45, width * 0.55, height * 0.5)
    soft(canvas, glow, WHITE, alpha=34 if palette.is_dark else 130, blur=height * 0.14)
    BACKDROPS[scene](canvas, palette, cx)
    if scene != "flat":
        _floor(canvas, palette, height * 0.70)
    return canvas, PLINTHS[scene](canvas, palette, cx)


def _floor(canvas: Image.Image, palette: Palette, horizon: float) -> None:
    width, height = canvas.size
    plane = Image.new("L", canvas.size, 0)
    ImageDraw.Draw(plane).rectangle((0, horizon, width, height), fill=255)
    far, near = mix(palette.floor, palette.shade, 0.06), mix(palette.floor, WHITE, 0.38)
    if palette.is_dark:
        near = mix(palette.floor, WHITE, 0.14)
    fill(canvas, plane, far, near)
    edge = (-width * 0.1, horizon - height * 0.03, width * 1.1, horizon + height * 0.04)
    soft(canvas, edge, WHITE, alpha=20 if palette.is_dark else 60, blur=height * 0.03)
