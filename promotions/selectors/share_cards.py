"""What a shared page looks like to who gets it: title, words, picture, where it leads. Source:
M-65."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from catalog.selectors import cards_of, in_the_shop
from mall.kernel import clock
from mall.kernel.errors import NotFound
from mall.kernel.words import short_yuan
from promotions.models import Coupon, ShareScene
from promotions.selectors.pages import live_page
from promotions.selectors.teams import team_by_number

Kind = ShareScene.Kind
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class ShareCard:
    """``target`` is written one way only; ``words`` are title_zh, title_en, text_zh and text_en;
    ``image`` is a stored picture; ``route`` and ``args`` name the page in the storefront."""

    kind: str
    target: str
    words: Mapping[str, str]
    route: str
    args: tuple[Any, ...] = ()
    image: Mapping[str, Any] | None = None
    price_fen: int | None = None


def share_card(kind: str, target: str, at: datetime) -> ShareCard:
    """The card of something that shoppers may see now. Queries: 1 to 3. Raises: NotFound."""
    maker = MAKERS.get(kind)
    if maker is None:
        raise NotFound
    return maker(target, at)


def scene_of(code: str) -> ShareScene:
    """A shared page by its code. Queries: 1. Raises: NotFound."""
    scene = ShareScene.objects.filter(code=code).first()
    if scene is None:
        raise NotFound
    return scene


def _product(target: str, at: datetime) -> ShareCard:
    pk = _number(target)
    if not in_the_shop([pk], at):
        raise NotFound
    return _of_product(Kind.PRODUCT, str(pk), pk, at, route=("product", (pk,)))


def _group(target: str, at: datetime) -> ShareCard:
    team = team_by_number(target)
    place = ("team", (team.number,))
    card = _of_product(Kind.GROUP, team.number, team.item.sku.product_id, at, route=place)
    return ShareCard(
        kind=card.kind,
        target=card.target,
        words=card.words,
        route="team",
        args=card.args,
        image=card.image,
        price_fen=team.item.price_fen,
    )


def _of_product(
    kind: str, target: str, product_id: int, at: datetime, *, route: tuple[str, tuple[Any, ...]]
) -> ShareCard:
    row = cards_of([product_id], at=at)[product_id]
    words = {
        "title_zh": row["title_zh"],
        "title_en": row["title_en"],
        "text_zh": row["subtitle_zh"],
        "text_en": row["subtitle_en"],
    }
    name, args = route
    return ShareCard(kind, target, words, name, args, row["image"], row["price_fen"])


def _topic(target: str, at: datetime) -> ShareCard:
    page = live_page(target, at)
    words = {name: getattr(page, name) for name in ("title_zh", "title_en", "text_zh", "text_en")}
    return ShareCard(Kind.TOPIC, target, words, "topic", (target,), page.cover)


def _coupon(target: str, at: datetime) -> ShareCard:
    coupon = Coupon.objects.open_at(at).filter(pk=_number(target), is_claimable=True).first()
    if coupon is None:
        raise NotFound
    words = {"title_zh": coupon.title_zh, "title_en": coupon.title_en}
    for code, language in (("zh", "zh-hans"), ("en", "en")):
        with translation.override(language):
            words[f"text_{code}"] = _terms(coupon, at)
    return ShareCard(Kind.COUPON, str(coupon.pk), words, "coupons")


def _terms(coupon: Coupon, at: datetime) -> str:
    """From what sum on it is used, and how long."""
    over = _("No minimum")
    if coupon.threshold_fen:
        over = _("Over ¥%(threshold)s") % {"threshold": short_yuan(coupon.threshold_fen)}
    return " · ".join(filter(None, (over, _lasts(coupon, at))))


def _lasts(coupon: Coupon, at: datetime) -> str:
    """The last day, with the year where it is another one; of a copy that runs from when it is
    taken so many days, and nothing where it runs for minutes or that day only."""
    if coupon.valid_minutes is not None or coupon.valid_days == 0:
        return ""
    if days := coupon.valid_days:
        words = ngettext("%(days)s day after you take it", "%(days)s days after you take it", days)
        return words % {"days": days}
    last = clock.day_of(coupon.ends_at - INSTANT)
    way = pgettext("short date format", "j M Y")
    if last.year == clock.day_of(at).year:
        way = pgettext("short date format", "j M")
    return _("until %(day)s") % {"day": date_format(last, way)}


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise NotFound
    return int(text)


MAKERS: Mapping[str, Callable[[str, datetime], ShareCard]] = {
    Kind.PRODUCT: _product,
    Kind.TOPIC: _topic,
    Kind.COUPON: _coupon,
    Kind.GROUP: _group,
}
