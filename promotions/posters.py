"""A poster to share: picture, title, price and the code that leads to the page. Source: M-65.

Sizes are pixels of the picture, three to one on most phones. Chinese needs a font of the machine;
without one the poster is refused, never drawn with empty boxes.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import segno
from PIL import Image, ImageDraw, ImageFont, ImageOps

from promotions.errors import PosterFontMissing

WIDTH, HEIGHT, SIDE = 750, 1200, 750
EDGE = 44
CODE_SIDE = 190
TITLE_SIZE, PRICE_SIZE, SMALL_SIZE = 40, 56, 26
TITLE_LINES = 2
PAPER, INK, SOFT, PRICE, BRAND = "#FFFFFF", "#261D16", "#73665A", "#C13617", "#1B5646"
FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
)
"""Where Debian, Ubuntu, Alpine and Fedora keep a font that can write Chinese (fonts-noto-cjk)."""
SIMPLIFIED = 2
"""Its face for simplified Chinese in the collections of Noto."""


@dataclass(frozen=True, slots=True)
class Poster:
    """What stands on it; ``picture`` are the bytes of an image, or none."""

    brand: str
    title: str
    hint: str
    link: str
    price: str = ""
    picture: bytes | None = None


def draw_poster(poster: Poster) -> bytes:
    """The poster as PNG. Raises: PosterFontMissing."""
    sheet = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(sheet)
    _draw_picture(sheet, pen, poster)
    top = SIDE + 40
    for line in _lines(poster.title, WIDTH - 2 * EDGE):
        pen.text((EDGE, top), line, font=_font(TITLE_SIZE), fill=INK)
        top += TITLE_SIZE + 14
    if poster.price:
        pen.text((EDGE, top + 16), poster.price, font=_font(PRICE_SIZE), fill=PRICE)
    code = _code(poster.link)
    sheet.paste(code, (WIDTH - EDGE - code.width, HEIGHT - EDGE - code.height))
    pen.text((EDGE, HEIGHT - EDGE - 78), poster.brand, font=_font(SMALL_SIZE + 8), fill=BRAND)
    pen.text((EDGE, HEIGHT - EDGE - 32), poster.hint, font=_font(SMALL_SIZE), fill=SOFT)
    out = io.BytesIO()
    sheet.save(out, "PNG", optimize=True)
    return out.getvalue()


def _draw_picture(sheet: Image.Image, pen: ImageDraw.ImageDraw, poster: Poster) -> None:
    if poster.picture is None:
        pen.rectangle((0, 0, WIDTH, SIDE), fill=BRAND)
        pen.text((EDGE, SIDE // 2 - 40), poster.brand, font=_font(PRICE_SIZE), fill=PAPER)
        return
    with Image.open(io.BytesIO(poster.picture)) as picture:
        sheet.paste(ImageOps.fit(picture.convert("RGB"), (WIDTH, SIDE)), (0, 0))


def _code(link: str) -> Image.Image:
    """The code in whole pixels a module, as large as its corner of the poster lets it."""
    code, out = segno.make(link, error="m"), io.BytesIO()
    modules, _height = code.symbol_size(border=1)
    code.save(out, kind="png", scale=CODE_SIDE // int(modules), border=1)
    with Image.open(out) as drawn:
        return drawn.convert("RGB")


def _lines(text: str, width: int) -> Iterator[str]:
    """As many lines as fit the poster; the last one ends with dots where the text goes on."""
    rest, font = text.strip(), _font(TITLE_SIZE)
    for number in range(TITLE_LINES):
        if not rest:
            return
        fitting = next(n for n in range(len(rest), 0, -1) if n == 1 or
                       font.getlength(rest[:n]) <= width)  # fmt: skip
        line, rest = rest[:fitting], rest[fitting:].lstrip()
        is_last = number == TITLE_LINES - 1
        yield f"{line[:-1]}…" if rest and is_last else line


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    """A font that can write Chinese. Raises: PosterFontMissing."""
    for path in FONTS:
        if Path(path).is_file():
            index = SIMPLIFIED if "CJK" in path else 0
            return ImageFont.truetype(path, size, index=index)
    raise PosterFontMissing
