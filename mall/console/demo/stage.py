"""The stage on which the demo's goods stand: wall, backdrop, floor, pedestal, light.

A picture looks made, not pasted, because one light falls on all of it: the wall is brighter at the
left, the pedestal is lit from the left, every shadow leans to the right. Blurs touch masks only:
blurring a coloured layer would drag its black transparent pixels in and leave a grey halo.
"""

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageFilter

Size = tuple[int, int]
Box = tuple[float, float, float, float]
Colour = tuple[int, int, int]

OVERSAMPLING = 3
WHITE: Colour = (255, 255, 255)
SUNLIGHT: Colour = (255, 253, 242)


@dataclass(frozen=True, slots=True)
class Palette:
    """The light of one category."""

    wall_top: Colour
    wall_bottom: Colour
    floor: Colour
    backdrop: Colour
    stone: Colour
    shade: Colour

    @property
    def is_dark(self) -> bool:
        return sum(self.wall_top) <= 600


def colour(text: str) -> Colour:
    """``#RRGGBB`` as three numbers."""
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def _palette(*colours: str) -> Palette:
    return Palette(*(colour(each) for each in colours))


# wall top, wall bottom, floor, backdrop, pedestal, shadow
PALETTES = {
    "fresh": _palette("#FFF4DC", "#FFDDA3", "#FBCB85", "#FFEAC0", "#FFF8EA", "#8A4E10"),
    "orchard": _palette("#F4F9DF", "#D9E8A8", "#C6D98C", "#E7F1C4", "#FCFEF0", "#4A5A12"),
    "sea": _palette("#E6F5F2", "#B2DDD8", "#98CEC9", "#CDEAE6", "#F3FCFA", "#0F4F4B"),
    "tea": _palette("#F0F5E4", "#CFE0B8", "#BAD09C", "#DFECCB", "#FAFCF0", "#33511F"),
    "clay": _palette("#FBEFE6", "#EBCDB6", "#DEB899", "#F4DECD", "#FFF8F2", "#66351A"),
    "beauty": _palette("#FFEDEB", "#FBCCC8", "#F4B7B3", "#FDDCD8", "#FFF5F2", "#8F2F38"),
    "lilac": _palette("#F6EEFA", "#DCC9EA", "#CCB4DF", "#E9DBF2", "#FCF8FE", "#4F2D68"),
    "digital": _palette("#EAEDFB", "#C3CCEE", "#ADB8E2", "#D8DEF6", "#F5F7FF", "#27315F"),
    "night": _palette("#4A5688", "#2A3259", "#222948", "#5B6AA6", "#7C8AC4", "#0C1024"),
    "dusk": _palette("#6A5C86", "#43385F", "#37304F", "#8372A3", "#A394C2", "#17112A"),
    "pine": _palette("#3C6B5A", "#1F4639", "#193A2F", "#4F8571", "#79AC99", "#07201A"),
    "ice": _palette("#EAF6FC", "#BCDFF2", "#A2D0E9", "#D4ECF8", "#F6FCFF", "#154A6B"),
    "sport": _palette("#E4F4F5", "#AEDDE2", "#95CDD4", "#CBEAED", "#F1FBFC", "#0F4653"),
    "court": _palette("#FFF0E2", "#FCCFA6", "#F3BA88", "#FEE0C6", "#FFF8F1", "#7F3A0E"),
    "baby": _palette("#FFF5E0", "#FFE0B5", "#F9CD97", "#FFEBCB", "#FFFAF0", "#85501D"),
    "sky": _palette("#EAF4FF", "#C2DDF7", "#A9CDEF", "#D8EAFB", "#F7FBFF", "#1D4A78"),
    "fashion": _palette("#F8EFE6", "#E8D2BC", "#DBBFA4", "#F0E1D1", "#FDF8F2", "#593822"),
    "rose": _palette("#FBEBEE", "#F0C6D0", "#E5B0BE", "#F7D9E0", "#FEF6F8", "#6E2440"),
    "winter": _palette("#EEF2F6", "#CCD8E3", "#B7C7D6", "#DEE7EE", "#FAFCFE", "#2C4257"),
    "home": _palette("#F4F0E4", "#DFD6BC", "#CFC4A4", "#EAE3CF", "#FCFAF2", "#4B402A"),
    "sage": _palette("#EFF4EC", "#CDDCC6", "#B8CBB0", "#DFE9DA", "#FAFCF8", "#31492B"),
    "pet": _palette("#EDF6EA", "#C5E3C6", "#ACD3AF", "#DAEED9", "#F7FCF5", "#22532F"),
    "peach": _palette("#FFF1EA", "#FDD3BF", "#F5BFA6", "#FEE3D6", "#FFF9F5", "#86381A"),
    "grain": _palette("#FAF3E0", "#EBDAB0", "#DEC994", "#F3E8CB", "#FFFBF1", "#664A14"),
    "paper": _palette("#F6F3EA", "#DDD8C8", "#CCC6B3", "#EAE6DB", "#FCFBF7", "#403B2E"),
    "cinnabar": _palette("#FBEAE4", "#EFC0B0", "#E3A793", "#F6D5CA", "#FFF7F4", "#7A2413"),
    "celadon": _palette("#E9F4EF", "#BEDDD2", "#A6CDBF", "#D4EAE2", "#F5FCF9", "#1B4F42"),
}


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """``first`` moved towards ``second`` by ``share``."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def gradient(size: Size, top: Colour, bottom: Colour) -> Image.Image:
    """A vertical blend, drawn in one column and stretched."""
    column = Image.new("RGBA", (1, 256))
    for y in range(256):
        column.putpixel((0, y), (*mix(top, bottom, y / 255), 255))
    return column.resize(size, Image.Resampling.BICUBIC)


def tint(canvas: Image.Image, mask: Image.Image, ink: Colour) -> None:
    """Lay one colour over the canvas through a mask."""
    sheet = Image.new("RGBA", canvas.size, (*ink, 255))
    sheet.putalpha(mask)
    canvas.alpha_composite(sheet)


def soft(canvas: Image.Image, box: Box, ink: Colour, *, alpha: int, blur: float) -> None:
    """Blend one blurred ellipse onto the canvas: a shadow or a glow."""
    mask = Image.new("L", canvas.size, 0)
    ImageDraw.Draw(mask).ellipse(box, fill=alpha)
    tint(canvas, mask.filter(ImageFilter.GaussianBlur(blur)), ink)


def fill(canvas: Image.Image, mask: Image.Image, top: Colour, bottom: Colour) -> None:
    """Fill a mask with a vertical gradient that spans the mask's own box."""
    box = mask.getbbox()
    if box is None:
        return
    sheet = Image.new("RGBA", canvas.size, (0, 0, 0, 0))
    sheet.paste(gradient((box[2] - box[0], box[3] - box[1]), top, bottom), box[:2])
    sheet.putalpha(ImageChops.multiply(sheet.getchannel("A"), mask))
    canvas.alpha_composite(sheet)


def _mask(size: Size, draw: Callable[[ImageDraw.ImageDraw, int], None]) -> Image.Image:
    """A smooth mask: drawn large, then made small."""
    big = Image.new("L", (size[0] * OVERSAMPLING, size[1] * OVERSAMPLING), 0)
    draw(ImageDraw.Draw(big), OVERSAMPLING)
    return big.resize(size, Image.Resampling.LANCZOS)


def arch_mask(size: Size, cx: float, top: float, width: float, bottom: float) -> Image.Image:
    """A round arch: half a circle on a rectangle."""

    def draw(pen: ImageDraw.ImageDraw, k: int) -> None:
        left, right = (cx - width / 2) * k, (cx + width / 2) * k
        pen.ellipse((left, top * k, right, (top + width) * k), fill=255)
        pen.rectangle((left, (top + width / 2) * k, right, bottom * k), fill=255)

    return _mask(size, draw)


def ellipse_mask(size: Size, box: Box) -> Image.Image:
    """A smooth ellipse in ``box``."""
    return _mask(size, lambda pen, k: pen.ellipse([v * k for v in box], fill=255))


def panel_mask(size: Size, box: Box, radius: float) -> Image.Image:
    """A smooth rounded rectangle in ``box``."""
    return _mask(
        size,
        lambda pen, k: pen.rounded_rectangle([v * k for v in box], radius=radius * k, fill=255),
    )


def pedestal(
    canvas: Image.Image, palette: Palette, *, cx: float, top: float, width: float, height: float
) -> None:
    """A plaster cylinder: side lit from the left, lid brighter than it, shadow to the right."""
    lid = width * 0.23
    left, right, foot = cx - width / 2, cx + width / 2, top + height
    shadow = (cx - width * 0.46, foot - lid * 0.35, cx + width * 0.72, foot + lid * 0.9)
    soft(canvas, shadow, palette.shade, alpha=90, blur=26)

    def body(pen: ImageDraw.ImageDraw, k: int) -> None:
        pen.rectangle((left * k, top * k, right * k, foot * k), fill=255)
        pen.ellipse((left * k, (foot - lid / 2) * k, right * k, (foot + lid / 2) * k), fill=255)

    side = Image.new("RGBA", canvas.size, (0, 0, 0, 0))
    side.paste(_lit_side(palette).resize((round(width), canvas.height)), (round(left), 0))
    side.putalpha(ImageChops.multiply(side.getchannel("A"), _mask(canvas.size, body)))
    canvas.alpha_composite(side)
    lid_box = (left, top - lid / 2, right, top + lid / 2)
    fill(
        canvas,
        ellipse_mask(canvas.size, lid_box),
        mix(palette.stone, palette.shade, 0.07),
        palette.stone,
    )


def _lit_side(palette: Palette) -> Image.Image:
    strip = Image.new("RGBA", (256, 1))
    for x in range(256):
        t = x / 255
        dark = 0.10 + 0.34 * max(0.0, t - 0.28) ** 1.15 + 0.64 * max(0.0, 0.16 - t)
        strip.putpixel((x, 0), (*mix(palette.stone, palette.shade, min(dark, 0.5)), 255))
    return strip
