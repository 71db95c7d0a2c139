"""The goods themselves: one icon, made large, turned, recoloured and set down on its own foot."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter

from mall.console.demo.drawn import DRAWN
from mall.console.demo.stage import Colour, colour, soft, tint

SOLID = 128  # alpha above which a pixel is part of the thing and not of its smooth edge


@dataclass(frozen=True, slots=True)
class Figure:
    """An icon and what is done to it. ``code`` is an emoji's code points or the name of a drawing.

    ``hue`` turns its colours by so many degrees, ``tint`` multiplies a pale thing by a colour,
    ``vivid`` is the share of saturation that stays, in per cent.
    """

    code: str
    angle: int = 0
    hue: int = 0
    tint: str = ""
    vivid: int = 100


@cache
def source(folder: Path, code: str) -> Image.Image:
    """The trimmed icon; emoji whose file name carries the variation selector are found too."""
    if code in DRAWN:
        icon = DRAWN[code]()
    else:
        path = folder / f"{code}.webp"
        if not path.exists():
            path = folder / f"{code}-fe0f.webp"
        icon = Image.open(path).convert("RGBA")
    return icon.crop(icon.getbbox())


def render(folder: Path, figure: Figure, height: float) -> Image.Image:
    """The icon at ``height`` pixels before it is turned, sharpened inside, trimmed after."""
    icon = recoloured(source(folder, figure.code), figure)
    width = max(1, round(icon.width * height / icon.height))
    icon = icon.resize((width, round(height)), Image.Resampling.LANCZOS)
    inside = icon.getchannel("A").filter(ImageFilter.MinFilter(9))
    sharp = icon.filter(ImageFilter.UnsharpMask(radius=2.2, percent=60, threshold=2))
    icon = Image.composite(sharp, icon, inside.filter(ImageFilter.GaussianBlur(3)))
    if figure.angle:
        icon = icon.rotate(figure.angle, Image.Resampling.BICUBIC, expand=True)
    return icon.crop(_solid(icon.getchannel("A")).getbbox())


def recoloured(icon: Image.Image, figure: Figure) -> Image.Image:
    """The icon in another colour of the same thing; its shape and light stay."""
    alpha = icon.getchannel("A")
    flat = icon.convert("RGB")
    if figure.hue or figure.vivid != 100:
        flat = _turn_hue(flat, figure.hue, figure.vivid)
    if figure.tint:
        flat = ImageChops.multiply(flat, Image.new("RGB", flat.size, colour(figure.tint)))
    flat.putalpha(alpha)
    return flat


def _turn_hue(flat: Image.Image, degrees: int, vivid: int) -> Image.Image:
    hue, saturation, value = flat.convert("HSV").split()
    hue = hue.filter(ImageFilter.MedianFilter(5))  # the source is compressed; its hue is noisy
    hue = hue.point(lambda v: (v + round(degrees * 256 / 360)) % 256)
    saturation = saturation.point(lambda v: min(255, v * vivid // 100))
    return Image.merge("HSV", (hue, saturation, value)).convert("RGB")


def _solid(alpha: Image.Image) -> Image.Image:
    return alpha.point(lambda v: 255 if v > SOLID else 0)


def set_down(
    canvas: Image.Image, icon: Image.Image, *, cx: float, foot: float, shade: Colour
) -> None:
    """Stand an icon on its foot: a wide shadow to the right, a tight one where it touches."""
    w, h = icon.size
    x, y = round(cx - w / 2), round(foot - h)
    sole = icon.getchannel("A").crop((0, round(h * 0.93), w, h))
    box = _solid(sole).getbbox() or (0, 0, w, 0)
    touch, spread = x + (box[0] + box[2]) / 2, max(box[2] - box[0], w * 0.3) / 2
    wide = (touch - spread * 1.15, foot - h * 0.05, touch + spread * 1.75, foot + h * 0.06)
    soft(canvas, wide, shade, alpha=90, blur=max(6, h * 0.04))
    tight = (touch - spread * 0.96, foot - h * 0.03, touch + spread * 1.04, foot + h * 0.022)
    soft(canvas, tight, shade, alpha=165, blur=max(2, h * 0.01))
    _paste(canvas, icon, x, y)


def lay_down(
    canvas: Image.Image, icon: Image.Image, *, cx: float, foot: float, shade: Colour
) -> None:
    """Lay an icon flat or let it hang in the air: its own outline as one soft shadow."""
    w, h = icon.size
    x, y = round(cx - w / 2), round(foot - h)
    mask = Image.new("L", canvas.size, 0)
    faint = icon.getchannel("A").point(lambda v: v * 90 // 255)
    mask.paste(faint, (x + round(w * 0.04), y + round(h * 0.06)))
    tint(canvas, mask.filter(ImageFilter.GaussianBlur(max(6, h * 0.045))), shade)
    _paste(canvas, icon, x, y)


def _paste(canvas: Image.Image, icon: Image.Image, x: int, y: int) -> None:
    """``alpha_composite`` takes no negative place, so what hangs over the edge is cut first."""
    left, top = max(0, -x), max(0, -y)
    if left or top:
        icon = icon.crop((left, top, icon.width, icon.height))
    canvas.alpha_composite(icon, (max(x, 0), max(y, 0)))
