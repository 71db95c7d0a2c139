"""The kinds of blocks with their fields: the one list that pages, the API and the builder read."""

from dataclasses import dataclass

from promotions.content.audience import WINDOW
from promotions.content.fields import (
    Choice,
    Field,
    Instant,
    Link,
    Ref,
    Refs,
    Slug,
    Tiles,
    Whole,
    Words,
)

INKS = (
    "home", "fresh", "tea", "beauty", "digital", "night", "sport", "baby", "fashion", "pet",
)  # fmt: skip
"""Palettes of pictures: they set the colour of the words on them."""
ICONS = (
    "receipt", "back7", "truck", "shield", "gift", "ticket", "chat", "cart", "star", "clock",
)  # fmt: skip
MEDIA, VIDEO, PRODUCT, COUPON, CATEGORY, SEASON = (
    "media", "video", "product", "coupon", "category", "season",
)  # fmt: skip

TITLE = Words(name="title", most=20, is_title=True)
NOTE = Words(name="note", most=30)
MORE = Link(name="more")
PICTURE = Ref(name="picture", of=MEDIA)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of block. ``is_single``: once on a page at most."""

    name: str
    fields: tuple[Field, ...]
    is_single: bool = False


SLIDE: tuple[Field, ...] = (
    Ref(name="picture", of=MEDIA, is_required=True),
    Choice(name="ink", options=INKS),
    Words(name="kicker", most=30),
    Words(name="title", most=40, is_title=True, is_required=True),
    Words(name="line", most=60),
    Words(name="button", most=12),
    Link(name="link", is_required=True),
    *WINDOW,
)
TOPIC_TILE = tuple(field for field in SLIDE if field.name not in ("kicker", "button"))
ZONE: tuple[Field, ...] = (
    Words(name="title", most=12, is_title=True, is_required=True),
    Words(name="line", most=24),
    PICTURE,
    Link(name="link", is_required=True),
    *WINDOW,
)
PROMISE: tuple[Field, ...] = (
    Choice(name="icon", options=ICONS),
    Words(name="title", most=16, is_title=True, is_required=True),
    Words(name="line", most=30),
)
BUTTON: tuple[Field, ...] = (
    Choice(name="icon", options=ICONS),
    Words(name="label", most=8, is_title=True, is_required=True),
    Link(name="link", is_required=True),
    *WINDOW,
)


def _row(count: int, most: int = 40) -> tuple[Field, ...]:
    return (TITLE, NOTE, MORE, Whole(name="count", least=1, most=most, default=count))


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("carousel", (Tiles(name="slides", fields=SLIDE, most=8, is_required=True),)),
        Kind("zones", (TITLE, Tiles(name="tiles", fields=ZONE, most=8, is_required=True))),
        Kind(
            "products",
            (
                TITLE,
                NOTE,
                MORE,
                Refs(name="products", of=PRODUCT, is_required=True),
                Choice(name="layout", options=("grid", "strip", "rank")),
            ),
        ),
        Kind("hot", _row(5, 20), is_single=True),
        Kind("new", _row(4, 20), is_single=True),
        Kind("seasonal", (*_row(10, 20), Slug(name="season", of=SEASON))),
        Kind("flash", (Whole(name="count", least=1, most=10, default=5),), is_single=True),
        Kind(
            "coupons",
            (
                TITLE,
                NOTE,
                Refs(name="coupons", of=COUPON, most=12),
                Whole(name="count", least=1, most=12, default=4),
            ),
        ),
        Kind(
            "topics",
            (
                TITLE,
                Tiles(name="tiles", fields=TOPIC_TILE, most=9),
                Whole(name="count", least=1, most=9, default=3),
            ),
        ),
        Kind(
            "countdown",
            (
                Words(name="title", most=30, is_title=True, is_required=True),
                NOTE,
                Instant(name="target_at", is_required=True),
                MORE,
            ),
        ),
        Kind(
            "text",
            (TITLE, Words(name="body", most=2_000, is_long=True, is_required=True)),
        ),
        Kind(
            "image",
            (
                Ref(name="picture", of=MEDIA, is_required=True),
                Words(name="alt", most=60),
                Link(name="link"),
            ),
        ),
        Kind("video", (TITLE, Ref(name="video", of=VIDEO, is_required=True), PICTURE)),
        Kind("feed", (*_row(20), Slug(name="category", of=CATEGORY)), is_single=False),
        Kind("shows", (*_row(6, 12), Refs(name="products", of=PRODUCT))),
        Kind("promises", (Tiles(name="items", fields=PROMISE, most=6),), is_single=True),
        Kind(
            "floating",
            (Tiles(name="buttons", fields=BUTTON, most=3, is_required=True),),
            is_single=True,
        ),
    )
}
