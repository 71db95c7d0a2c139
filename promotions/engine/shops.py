"""What each shop of a basket takes for freight: its own parcels, less its share of what was taken
off. Source: X-57.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from mall.kernel.money import split
from promotions.engine.quote import FreightQuote, PriceStep
from promotions.engine.shipping import TEMPLATE_FREE


@dataclass(frozen=True, slots=True)
class ShopFreight:
    """The freight of one shop's parcels, before and after what was taken off it. Units: fen."""

    shop_id: int
    base_fen: int
    freight_fen: int


def freight_by_shop(freight: FreightQuote) -> tuple[ShopFreight, ...]:
    """The freight shop by shop, by id; the parts add up to the whole.

    A template's own free amount belongs to its parcel's shop; what a campaign, a tier or a coupon
    takes off all freight is split by what each shop's parcels still cost.
    """
    base_fen: dict[int, int] = {}
    for fee in freight.fees:
        base_fen[fee.shop_id] = base_fen.get(fee.shop_id, 0) + fee.fee_fen
    left_fen = _left(base_fen, freight.steps)
    return tuple(
        ShopFreight(shop_id, base_fen[shop_id], left_fen[shop_id]) for shop_id in sorted(base_fen)
    )


def _left(base_fen: dict[int, int], steps: Iterable[PriceStep]) -> dict[int, int]:
    left_fen = dict(base_fen)
    for step in steps:
        if step.kind == TEMPLATE_FREE:
            left_fen[int(step.label_params["shop_id"])] -= step.amount_fen
            continue
        shares = split(step.amount_fen, list(left_fen.values()))
        for shop_id, share in zip(list(left_fen), shares, strict=True):
            left_fen[shop_id] -= share
    return left_fen
