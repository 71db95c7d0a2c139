"""The freight of an order shop by shop, as quotes show it and orders keep it. Source: X-57."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mall.kernel.money import split
from promotions import engine

if TYPE_CHECKING:
    from catalog.selectors import SkuFacts


def shop_freights(freight: engine.FreightQuote, skus: Iterable["SkuFacts"]) -> list[dict[str, Any]]:
    """What each shop takes for its parcels, in the order of the shops. Units: fen."""
    shops = {facts.shop.id: facts.shop for facts in skus}
    parts = engine.freight_by_shop(freight)
    return [
        {
            "id": part.shop_id,
            "title_zh": shops[part.shop_id].title_zh,
            "title_en": shops[part.shop_id].title_en,
            "base_fen": part.base_fen,
            "freight_fen": part.freight_fen,
        }
        for part in sorted(parts, key=lambda part: (shops[part.shop_id].sort, part.shop_id))
    ]


def share_freight(shops: Sequence[Mapping[str, Any]], freight_fen: int) -> list[dict[str, Any]]:
    """The same shops when the whole is ``freight_fen`` now, each by what it took before.

    Nothing for the orders of a time that did not note it.
    """
    if not shops:
        return []
    shares = split(freight_fen, [int(shop["freight_fen"]) for shop in shops])
    return [{**shop, "freight_fen": share} for shop, share in zip(shops, shares, strict=True)]
