"""How templates write money, counts, dates, icons and pictures. No tag here runs a query."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, npgettext, pgettext
from django.utils.translation import gettext as _

from mall.kernel import money, words
from mall.kernel.clock import SHANGHAI, day_of, now
from mall.storefront import receipts
from mall.storefront.links import in_language

register = template.Library()

MINUS = "\N{MINUS SIGN}"
PICTURE_SIZES = {
    "card": "(min-width: 1280px) 230px, (min-width: 768px) 25vw, 50vw",
    "rank": "64px",
    "line": "96px",
    "mini": "(min-width: 1024px) 180px, 118px",
    "thumb": "88px",
    "main": "(min-width: 1024px) 500px, 100vw",
    "banner": "(min-width: 1280px) 728px, 100vw",
    "topic": "(min-width: 768px) 33vw, 100vw",
}
FLAG_KINDS = ("hot", "flash", "new", "first")
LANGUAGES = (("zh-hans", "zh-Hans", "简体中文"), ("en", "en", "English"))


# ---------- money and numbers ----------


@register.filter
def yuan(fen: int, style: str = "") -> str:
    """Write fen as yuan: ``1,899.00``, a true minus before it; style ``short`` drops ``.00``."""
    text = money.yuan(fen)
    return text.removesuffix(".00") if style == "short" else text


@register.filter
def less(fen: int, other_fen: int) -> int:
    """What is left of an amount. Units: fen."""
    return fen - other_fen


@register.simple_tag
def price(fen: int, size: str = "", *, exact: bool = False, ink: bool = False) -> SafeString:
    """Draw a price: sign and cents smaller than the yuan; ``exact`` keeps ``.00``. Units: fen."""
    whole, cents = divmod(abs(int(fen)), 100)
    names = ["price", f"price--{size}" if size else "", "price--ink" if ink else ""]
    small = format_html("<small>.{}</small>", f"{cents:02d}") if cents or exact else ""
    return format_html(
        '<span class="{}">{}<i>¥</i>{}{}</span>',
        " ".join(name for name in names if name),
        MINUS if fen < 0 else "",
        f"{whole:,}",
        small,
    )


@register.filter
def grouped(number: int) -> str:
    """Write a whole number with a comma every three digits."""
    return f"{int(number):,}"


@register.filter
def signed(number: int) -> str:
    """Write a change of a balance: ``+50`` or, with a true minus, ``−50``."""
    return f"{MINUS if number < 0 else '+'}{abs(int(number)):,}"


@register.filter
def count(number: int) -> str:
    """Write a count short: above ten thousand ``1.2万`` (en ``12k``), cut, never rounded up."""
    number = int(number)
    if number < 10_000:
        return str(number)
    if (get_language() or "").startswith("zh"):
        tenths = number // 1_000
        return f"{tenths // 10}.{tenths % 10}万" if tenths % 10 else f"{tenths // 10}万"
    return f"{number // 1_000:,}k"


@register.filter
def rate(rate_bp: int) -> str:
    """Write a price rate: 9500 is ``95 折`` in Chinese, ``5% off`` in English. Units: bp."""
    if (get_language() or "").startswith("zh"):
        digits = f"{int(rate_bp):04d}".rstrip("0")
        return f"{digits} 折" if len(digits) <= 2 else f"{digits[0]}.{digits[1:]} 折"
    whole, rest = divmod(10_000 - int(rate_bp), 100)
    return f"{whole}.{rest:02d}% off" if rest else f"{whole}% off"


@register.filter
def tenths(value_x10: int) -> str:
    """Write an average kept as ten times its value: 49 is ``4.9``."""
    return f"{int(value_x10) // 10}.{int(value_x10) % 10}"


@register.filter
def star_marks(stars: int) -> str:
    """Return the full stars of a rating of one to five."""
    return "★" * int(stars)


@register.filter
def dim_marks(stars: int) -> str:
    """Return the stars a rating lacks of five."""
    return "★" * (5 - int(stars))


# ---------- dates ----------


def _here(at: date | datetime) -> date | datetime:
    return at.astimezone(SHANGHAI) if isinstance(at, datetime) else at


@register.filter
def day(at: date | datetime) -> str:
    """Write a day in Shanghai, the year only when it is not this one: ``4月4日``, ``4 Apr``."""
    at = _here(at)
    if at.year == day_of(now()).year:
        return date_format(at, pgettext("date format", "j M"))
    return date_format(at, pgettext("date format", "j M Y"))


@register.filter
def moment(at: datetime) -> str:
    """Write an instant as day and minute in Shanghai: ``4月4日 18:22``."""
    return f"{day(at)} {date_format(_here(at), 'H:i')}"


@register.filter
def brief_day(at: date | datetime) -> str:
    """Write a day short, for tickets, another year too: ``12.15``, ``15 Dec``, ``15 Dec 2027``."""
    at = _here(at)
    if at.year == day_of(now()).year:
        return axis_day(at)
    return date_format(at, pgettext("short date format", "j M Y"))


@register.filter
def axis_day(at: date | datetime) -> str:
    """Write a day below a chart, never with its year: ``12.15``, ``15 Dec``."""
    return date_format(_here(at), pgettext("short date format", "j M"))


@register.filter
def brief_moment(at: datetime) -> str:
    """Write an instant in figures only, for steps: ``4/4 18:22``."""
    return date_format(_here(at), "n/j H:i")


@register.simple_tag
def clock(ends_at: datetime, now: datetime) -> dict[str, str]:
    """Return what is left until ``ends_at`` as days, hours, minutes, seconds of two digits."""
    left = max(int((ends_at - now).total_seconds()), 0)
    hours, rest = divmod(left % 86_400, 3_600)
    return {
        "days": str(left // 86_400) if left >= 86_400 else "",
        "hours": f"{hours:02d}",
        "minutes": f"{rest // 60:02d}",
        "seconds": f"{rest % 60:02d}",
        "ends_at": ends_at.isoformat(),
        "now": now.isoformat(),
    }


# ---------- icons and pictures ----------


@register.simple_tag
def gap() -> str:
    """Return what stands between two sentences: nothing in Chinese."""
    return words.gap()


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw a line icon of ``static/img/icons.svg``; it is decoration, the words stand beside it."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#i-{}"></use></svg>',
        static("img/icons.svg"),
        name,
    )


FIRST = format_html('fetchpriority="{}"', "high")
LATER = format_html('loading="{}" decoding="{}"', "lazy", "async")


@register.simple_tag
def picture(
    image: Any, sizes: str = "card", *, alt: str | None = None, first: bool = False, side: int = 0
) -> SafeString:
    """Draw an image of the REST contract; ``first`` is the one above the fold, else it is lazy.

    What has no picture keeps its place empty.
    """
    if not image:
        return SafeString('<span class="nopic"></span>')
    width = side or receipts.read(image, "width")
    height = side or receipts.read(image, "height")
    srcset = receipts.read(image, "srcset")
    drawn = format_html(
        '<img src="{}"{} width="{}" height="{}" alt="{}" {}>',
        receipts.read(image, "url"),
        format_html(' srcset="{}" sizes="{}"', srcset, PICTURE_SIZES[sizes]) if srcset else "",
        width,
        height,
        receipts.read(image, "alt", "") if alt is None else alt,
        FIRST if first else LATER,
    )
    avif = receipts.read(image, "srcset_avif", "")
    return _with_avif(drawn, avif, PICTURE_SIZES[sizes]) if avif else drawn


def _with_avif(drawn: SafeString, srcset: str, sizes: str) -> SafeString:
    """The picture with the smaller files in front, for browsers that know them."""
    return format_html(
        '<picture><source type="image/avif" srcset="{}" sizes="{}">{}</picture>',
        srcset,
        sizes,
        drawn,
    )


# ---------- pieces of the contract ----------


@register.filter
def flag(badges: Iterable[Any]) -> Any:
    """Return the one badge that goes on the picture, or None."""
    return next((b for b in badges or () if receipts.read(b, "kind") in FLAG_KINDS), None)


@register.filter
def in_line(badges: Iterable[Any]) -> list[Any]:
    """Return the badges under the title: at most two."""
    return [b for b in badges or () if receipts.read(b, "kind") not in ("hot", "new")][:2]


@register.filter
def joined(options: Mapping[str, str]) -> str:
    """Write the chosen options of a SKU: ``山茶花 · 500ml``."""
    return " · ".join(str(value) for value in options.values())


@register.filter
def initial(name: str) -> str:
    """Return the letter an avatar shows for a name."""
    return name.strip()[:1].upper()


@register.filter
def receipt(priced: Any) -> receipts.Slip:
    """Return the receipt of a Quote or an Order."""
    return receipts.slip(priced)


@register.simple_tag
def pieces_note(slip: receipts.Slip) -> str:
    """Say how many kinds and pieces a receipt is about: ``3 款 4 件``."""
    pieces = npgettext("receipt", "%(pieces)s piece", "%(pieces)s pieces", slip.pieces)
    items = npgettext("receipt", "%(kinds)s item", "%(kinds)s items", slip.kinds)
    return pgettext("receipt", "%(items)s, %(pieces)s") % {
        "items": items % {"kinds": slip.kinds},
        "pieces": pieces % {"pieces": slip.pieces},
    }


@register.simple_tag
def row_note(slip: receipts.Slip, row: receipts.Row) -> str:
    """Return the small fact after a row's name: points used, or how many items it is spread on."""
    if row.lane == "points":
        return _("%(points)s points") % {"points": grouped(slip.points_used)}
    if 1 < row.lines < slip.kinds:
        return npgettext("receipt", "%(kinds)s item", "%(kinds)s items", row.lines) % {
            "kinds": row.lines
        }
    return ""


# ---------- the page in the other language ----------


@register.simple_tag(takes_context=True)
def languages(context: template.Context) -> list[dict[str, Any]]:
    """Return this page's address in each language: code, name, path, current."""
    request: HttpRequest | None = context.get("request")
    if request is None:
        return []
    here = get_language()
    found = []
    for code, tag, name in LANGUAGES:
        path = in_language(request.get_full_path(), code)
        found.append({"code": tag, "name": name, "path": path, "current": code == here})
    return found
