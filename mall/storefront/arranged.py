"""Pages of blocks as the web draws them: the JSON of the API with the links of this reader's side.

What is only the web's: the stage at the top of the home page (departments, first carousel, who the
shopper is), the hot and the new zone side by side, coupons with their buttons.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from mall.kernel.words import localized
from mall.storefront.blocks import coupon_offer, departments, in_this_language
from mall.storefront.going import with_query
from mall.storefront.ladder import standing_shape
from mall.storefront.voices import shown, with_products
from members.models import Member
from members.selectors import tiers
from orders.selectors import shows_on
from promotions.presenting import page_dict
from promotions.selectors import LivePage, blocks_for, fill, news

Block = dict[str, Any]


def drawn_page(
    page: LivePage,
    member: Member | None,
    at: datetime,
    region_code: str = "",
    **known: Sequence[Any],
) -> Block:
    """The page with its blocks as templates take them; ``known`` is what ``fill`` need not ask for.
    Queries: those of ``fill`` and 1 at most."""
    blocks = blocks_for(member, page.blocks, at, region_code)
    member_id = member.pk if member else None
    shows = with_products(shown(shows_on(blocks, at)), at)
    filling = fill(
        blocks, at=at, member_id=member_id, region_code=region_code, shows=shows, **known
    )
    shape = page_dict(page, blocks, filling)
    coupons = {row.pk: row for row in filling.coupons}
    drawn = [_with_links(_for_web(block, coupons, at)) for block in shape["blocks"]]
    return {**shape, "blocks": side_by_side(drawn)}


def with_stage(blocks: Sequence[Block], member: Member | None, at: datetime) -> list[Block]:
    """The stage in front: departments, the carousel that leads the page, the news. Queries: 1, for
    a member 2."""
    first, rest = (blocks[0], blocks[1:]) if blocks else ({}, [])
    leads = first.get("kind") == "carousel"
    stage = {
        "id": first["id"] if leads else "stage",
        "kind": "stage",
        "slides": first["slides"] if leads else [],
        "categories": departments(),
        "notices": [
            {
                "title": localized(row, "title"),
                "url": in_this_language(row["slug"]) if row["slug"] else "",
            }
            for row in news(at)
        ],
        "tier": standing_shape(member, tiers()) if member else None,
    }
    return [stage, *(rest if leads else blocks)]


def side_by_side(blocks: Iterable[Block]) -> list[Block]:
    """A hot zone right before a new zone shares its row."""
    drawn: list[Block] = []
    for block in blocks:
        if block["kind"] == "new" and drawn and drawn[-1]["kind"] == "hot":
            drawn.append({"kind": "duo", "hot": drawn.pop(), "new": block})
        else:
            drawn.append(block)
    return drawn


def _for_web(block: Block, coupons: dict[int, Any], at: datetime) -> Block:
    if block["kind"] == "coupons":
        rows = [coupons[one["id"]] for one in block["coupons"]]
        return {**block, "offers": [coupon_offer(row, at) for row in rows]}
    if block["kind"] == "flash":
        sale = reverse("storefront:flashes")
        found = with_query(reverse("storefront:search"), ordering="sales")
        return {**block, "url": sale if block["is_flash_sale"] else found}
    link = block.get("link") or _usual_link(block["kind"])
    return {**block, "link": link}


def _usual_link(kind: str) -> str:
    """Where More leads when the operator said nothing."""
    return {
        "hot": "/hot/",
        "new": "/search/?ordering=newest",
        "seasonal": "/search/?ordering=sales",
        "feed": "/search/",
        "shows": "/shows/",
    }.get(kind, "")


def _with_links(shape: Any) -> Any:
    """Every ``link`` of the JSON as a ``url`` on the reader's side of the shop; the address of a
    video is its own."""
    if isinstance(shape, list):
        return [_with_links(one) for one in shape]
    if not isinstance(shape, dict):
        return shape
    found = {
        name: value if name in ("image", "card", "cards", "shows") else _with_links(value)
        for name, value in shape.items()
    }
    if isinstance(shape.get("link"), str) and "url" not in shape:
        found["url"] = in_this_language(shape["link"]) if shape["link"] else ""
    return found
