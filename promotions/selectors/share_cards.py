"""What a shared page looks like to who gets it: title, words, picture, where it leads. Source:
M-65."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from catalog.selectors import cards_of, in_the_shop, stored_picture
from mall.kernel.errors import NotFound
from promotions.models import ContentPage, Coupon, ShareScene
from promotions.selectors.pages import live_page
from promotions.selectors.teams import team_by_number

Kind = ShareScene.Kind


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
    cover = ContentPage.objects.select_related("cover").get(slug=target).cover
    image = stored_picture(cover) if cover else None
    return ShareCard(Kind.TOPIC, target, words, "topic", (target,), image)


def _coupon(target: str, at: datetime) -> ShareCard:
    coupon = Coupon.objects.open_at(at).filter(pk=_number(target), is_claimable=True).first()
    if coupon is None:
        raise NotFound
    words = {"title_zh": coupon.title_zh, "title_en": coupon.title_en, "text_zh": "", "text_en": ""}
    return ShareCard(Kind.COUPON, str(coupon.pk), words, "coupons")


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
