"""Goods that no emoji shows, drawn in the same manner: soft shapes, light from the upper left."""

from collections.abc import Callable
from math import cos, radians, sin

from PIL import Image, ImageChops, ImageDraw

from mall.console.demo.stage import Colour, colour, ellipse_mask, fill, mix, panel_mask, soft

SIDE = 512
Box = tuple[float, float, float, float]

SHELL, SHELL_DARK = colour("#FDFBF6"), colour("#CFC8BC")
BLADE, BLADE_DARK = colour("#A9E0EC"), colour("#4FA9C4")
NIGHT, GLASS = colour("#2B3150"), colour("#6F86D6")
LEAF, LEAF_DARK = colour("#BFE3C9"), colour("#6FB28A")


def _blank() -> Image.Image:
    return Image.new("RGBA", (SIDE, SIDE), (0, 0, 0, 0))


def _ellipse(canvas: Image.Image, box: Box, light: Colour, dark: Colour) -> None:
    fill(canvas, ellipse_mask(canvas.size, box), light, dark)


def _panel(canvas: Image.Image, box: Box, radius: float, *, light: Colour, dark: Colour) -> None:
    """A rounded body, darker towards its right edge."""
    mask = panel_mask(canvas.size, box, radius)
    fill(canvas, mask, light, dark)
    ramp = Image.linear_gradient("L").rotate(90).resize(canvas.size).point(lambda v: v * 60 // 255)
    shade = Image.new("RGBA", canvas.size, (*mix(dark, (40, 40, 60), 0.4), 255))
    shade.putalpha(ImageChops.multiply(mask, ramp))
    canvas.alpha_composite(shade)


def _gloss(canvas: Image.Image, box: Box, alpha: int, blur: float) -> None:
    """A soft highlight that stays inside what is already drawn."""
    outline = canvas.getchannel("A")
    light = Image.new("RGBA", canvas.size, (0, 0, 0, 0))
    soft(light, box, (255, 255, 255), alpha=alpha, blur=blur)
    light.putalpha(ImageChops.multiply(light.getchannel("A"), outline))
    canvas.alpha_composite(light)


def _blades(canvas: Image.Image, cx: float, cy: float, reach: float) -> None:
    """Three petals; each is an ellipse beside the axis, turned by 120 degrees."""
    for step in range(3):
        petal = _blank()
        box = (cx - reach * 0.16, cy - reach, cx + reach * 0.46, cy - reach * 0.08)
        _ellipse(petal, box, BLADE, BLADE_DARK)
        turned = petal.rotate(120 * step + 14, Image.Resampling.BICUBIC, center=(cx, cy))
        canvas.alpha_composite(turned)


def _grille(canvas: Image.Image, cx: float, cy: float, reach: float) -> None:
    wires = Image.new("RGBA", (SIDE * 2, SIDE * 2), (0, 0, 0, 0))
    pen = ImageDraw.Draw(wires)
    for turn in range(0, 360, 12):
        start, end = radians(turn), radians(turn + 26)
        pen.line(
            [
                (2 * (cx + reach * 0.2 * cos(start)), 2 * (cy + reach * 0.2 * sin(start))),
                (2 * (cx + reach * cos(end)), 2 * (cy + reach * sin(end))),
            ],
            fill=(255, 255, 255, 190),
            width=5,
        )
    canvas.alpha_composite(wires.resize(canvas.size, Image.Resampling.LANCZOS))


def _ring(canvas: Image.Image, cx: float, cy: float, reach: float) -> None:
    outer = (cx - reach, cy - reach, cx + reach, cy + reach)
    inner_reach = reach * 0.88
    inner = (cx - inner_reach, cy - inner_reach, cx + inner_reach, cy + inner_reach)
    hole = ellipse_mask(canvas.size, inner)
    rim = ImageChops.subtract(ellipse_mask(canvas.size, outer), hole)
    fill(canvas, rim, SHELL, SHELL_DARK)


def _fan_head(canvas: Image.Image, cx: float, cy: float, reach: float) -> None:
    back = (cx - reach, cy - reach, cx + reach, cy + reach)
    _ellipse(canvas, back, colour("#E3F1F4"), colour("#B4CFD8"))
    _blades(canvas, cx, cy, reach * 0.84)
    _grille(canvas, cx, cy, reach * 0.9)
    _ring(canvas, cx, cy, reach)
    hub = reach * 0.2
    _ellipse(canvas, (cx - hub, cy - hub, cx + hub, cy + hub), SHELL, SHELL_DARK)
    _gloss(canvas, (cx - reach, cy - reach, cx + reach * 0.2, cy), 70, reach * 0.2)


def standing_fan() -> Image.Image:
    """A desk fan on a round foot."""
    canvas = _blank()
    _ellipse(canvas, (150, 440, 362, 506), SHELL_DARK, mix(SHELL_DARK, NIGHT, 0.2))
    _ellipse(canvas, (150, 428, 362, 490), SHELL, SHELL_DARK)
    _panel(canvas, (238, 320, 274, 468), 16, light=SHELL, dark=SHELL_DARK)
    _fan_head(canvas, 256, 196, 188)
    return canvas


def hand_fan() -> Image.Image:
    """A fan with a handle and one button."""
    canvas = _blank()
    _panel(canvas, (224, 300, 288, 506), 30, light=SHELL, dark=SHELL_DARK)
    _ellipse(canvas, (242, 400, 270, 428), BLADE, BLADE_DARK)
    _fan_head(canvas, 256, 172, 166)
    return canvas


def air_cooler() -> Image.Image:
    """A tall cooler: louvres above, a water window below."""
    canvas = _blank()
    _panel(canvas, (146, 10, 366, 500), 40, light=SHELL, dark=SHELL_DARK)
    _panel(canvas, (172, 60, 340, 250), 18, light=mix(NIGHT, GLASS, 0.3), dark=NIGHT)
    for y in range(76, 240, 26):
        _panel(canvas, (182, y, 330, y + 12), 6, light=SHELL, dark=SHELL_DARK)
    _panel(canvas, (172, 300, 340, 452), 18, light=BLADE, dark=BLADE_DARK)
    _ellipse(canvas, (240, 24, 272, 46), BLADE, BLADE_DARK)
    _gloss(canvas, (120, -40, 230, 420), 90, 30)
    return canvas


def dome_camera() -> Image.Image:
    """An indoor camera: a ball with one eye on a small foot."""
    canvas = _blank()
    _ellipse(canvas, (166, 420, 346, 500), SHELL_DARK, mix(SHELL_DARK, NIGHT, 0.2))
    _ellipse(canvas, (166, 406, 346, 480), SHELL, SHELL_DARK)
    _panel(canvas, (226, 360, 286, 446), 14, light=SHELL, dark=SHELL_DARK)
    _ellipse(canvas, (76, 20, 436, 390), SHELL, SHELL_DARK)
    _ellipse(canvas, (140, 92, 372, 324), mix(NIGHT, GLASS, 0.25), NIGHT)
    _ellipse(canvas, (188, 140, 324, 276), GLASS, NIGHT)
    _ellipse(canvas, (216, 162, 256, 202), colour("#DCE6FF"), GLASS)
    _ellipse(canvas, (246, 336, 266, 356), LEAF, LEAF_DARK)
    _gloss(canvas, (70, 10, 290, 200), 120, 40)
    return canvas


def robot_vacuum() -> Image.Image:
    """A low round robot seen from the front and a little above."""
    canvas = _blank()
    _ellipse(canvas, (16, 196, 496, 470), SHELL_DARK, mix(SHELL_DARK, NIGHT, 0.45))
    _panel(canvas, (16, 250, 496, 330), 10, light=SHELL_DARK, dark=mix(SHELL_DARK, NIGHT, 0.25))
    _ellipse(canvas, (16, 120, 496, 394), SHELL, SHELL_DARK)
    _ellipse(canvas, (150, 150, 362, 262), SHELL_DARK, mix(SHELL_DARK, NIGHT, 0.3))
    _ellipse(canvas, (150, 132, 362, 244), mix(NIGHT, GLASS, 0.35), NIGHT)
    _ellipse(canvas, (232, 300, 280, 328), BLADE, BLADE_DARK)
    _gloss(canvas, (20, 110, 260, 250), 110, 36)
    return canvas


def food_dispenser() -> Image.Image:
    """A pet feeder: a clear hopper of kibble over a bowl."""
    canvas = _blank()
    _panel(canvas, (156, 40, 356, 330), 44, light=mix(SHELL, BLADE, 0.35), dark=SHELL_DARK)
    for row in range(5):
        for column in range(5):
            x, y = 178 + column * 34 + (row % 2) * 10, 150 + row * 32
            _ellipse(canvas, (x, y, x + 30, y + 28), colour("#D9A066"), colour("#9A6233"))
    _panel(canvas, (140, 20, 372, 84), 30, light=LEAF, dark=LEAF_DARK)
    _panel(canvas, (140, 300, 372, 450), 36, light=SHELL, dark=SHELL_DARK)
    _ellipse(canvas, (222, 336, 290, 404), mix(NIGHT, GLASS, 0.3), NIGHT)
    _ellipse(canvas, (96, 418, 416, 506), LEAF, LEAF_DARK)
    _ellipse(canvas, (124, 422, 388, 474), mix(LEAF_DARK, NIGHT, 0.25), LEAF_DARK)
    for x in range(160, 340, 36):
        _ellipse(canvas, (x, 430, x + 32, 458), colour("#D9A066"), colour("#9A6233"))
    _gloss(canvas, (130, 20, 240, 420), 90, 30)
    return canvas


def _paw(canvas: Image.Image, cx: float, cy: float, reach: float) -> None:
    pad = (cx - reach * 0.55, cy - reach * 0.1, cx + reach * 0.55, cy + reach * 0.75)
    _ellipse(canvas, pad, SHELL, SHELL)
    for turn in (-58, -20, 20, 58):
        x, y = cx + reach * 0.85 * sin(radians(turn)), cy - reach * 0.78 * cos(radians(turn))
        toe = reach * 0.2
        _ellipse(canvas, (x - toe, y - toe * 1.2, x + toe, y + toe * 1.2), SHELL, SHELL)


def pet_can() -> Image.Image:
    """A low can with a paw on its label and a ring on its lid."""
    canvas, tin, tin_dark = _blank(), colour("#EDEFF3"), colour("#A9B0BC")
    _ellipse(canvas, (56, 340, 456, 470), tin_dark, mix(tin_dark, NIGHT, 0.3))
    _panel(canvas, (56, 150, 456, 410), 12, light=colour("#FFB48A"), dark=colour("#E9744F"))
    _ellipse(canvas, (56, 346, 456, 462), colour("#F2875E"), colour("#D9633F"))
    _paw(canvas, 256, 320, 74)
    _ellipse(canvas, (48, 88, 464, 224), tin_dark, mix(tin_dark, NIGHT, 0.25))
    _ellipse(canvas, (48, 76, 464, 212), tin, tin_dark)
    _ellipse(canvas, (80, 92, 432, 196), tin_dark, tin)
    _ellipse(canvas, (196, 118, 316, 162), tin, tin_dark)
    _ellipse(canvas, (218, 128, 294, 152), tin_dark, mix(tin_dark, NIGHT, 0.2))
    _gloss(canvas, (40, 60, 220, 430), 90, 34)
    return canvas


def treat_ball() -> Image.Image:
    """A rubber ball with one hole; two biscuits lie before it."""
    canvas, coral, coral_dark = _blank(), colour("#FF9A7A"), colour("#D9523A")
    _ellipse(canvas, (46, 16, 466, 436), coral, coral_dark)
    _ellipse(canvas, (196, 120, 356, 270), colour("#8E2F22"), colour("#C4523F"))
    _ellipse(canvas, (214, 142, 340, 262), colour("#5A1B14"), colour("#8E2F22"))
    for x, y in ((150, 400), (286, 420)):
        _ellipse(canvas, (x, y, x + 96, y + 76), colour("#E2B070"), colour("#A66B35"))
    _gloss(canvas, (60, 10, 270, 190), 130, 40)
    return canvas


DRAWN: dict[str, Callable[[], Image.Image]] = {
    "standing-fan": standing_fan,
    "hand-fan": hand_fan,
    "air-cooler": air_cooler,
    "dome-camera": dome_camera,
    "robot-vacuum": robot_vacuum,
    "food-dispenser": food_dispenser,
    "pet-can": pet_can,
    "treat-ball": treat_ball,
}
