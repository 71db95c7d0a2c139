"""套装价: a main article and its accessories for one price. Source: plans 000 and 002 (P-27)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from promotions.engine.items import Item
from promotions.engine.lanes import Lane
from promotions.engine.rules.base import Cut, GroupRule, Lack, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class BundlePrice(GroupRule):
    """``price_fen`` for one bundle of ``pieces`` (SKU -> how many), at most ``most`` bundles an
    order (None: as many as there are). Pieces beyond whole bundles keep their price.

    A ``scope`` of just these SKUs keeps the rule from being asked about others.
    """

    kind: ClassVar[str] = "bundle_price"
    lane: ClassVar[Lane] = Lane.ITEM_OFFER

    pieces: Mapping[int, int]
    price_fen: int
    most: int | None = None

    def __post_init__(self) -> None:
        if not self.pieces or min(self.pieces.values()) < 1 or self.price_fen < 0:
            raise ValueError("a bundle has pieces and a price")

    def cut(self, items: tuple[Item, ...]) -> Cut | None:
        """What whole bundles cost less than their pieces after lane 1."""
        members = self._members(items)
        bundles = min(
            (members[sku].quantity // n if sku in members else 0 for sku, n in self.pieces.items())
        )
        if self.most is not None:
            bundles = min(bundles, self.most)
        weights = tuple([self._weight(item, members, bundles) for item in items])
        off_fen = sum(weights) - bundles * self.price_fen
        if off_fen <= 0:
            return None
        return Cut(off_fen, weights, {"price_fen": self.price_fen, "bundles": bundles})

    def face(self) -> Mapping[str, int]:
        """The price of a bundle."""
        return {"price_fen": self.price_fen}

    def lack(self, items: tuple[Item, ...]) -> Lack:
        """The pieces missing to the first bundle."""
        members = self._members(items)
        had = {sku: members[sku].quantity if sku in members else 0 for sku in self.pieces}
        missing = sum(max(0, needed - had[sku]) for sku, needed in self.pieces.items())
        if missing:
            return Lack(Reason.QUANTITY_NOT_REACHED, {"missing_pieces": missing})
        return Lack(Reason.NOTHING_TO_REDUCE)

    def _members(self, items: tuple[Item, ...]) -> Mapping[int, Item]:
        """One item a SKU: its first (a second one was put in for an activity)."""
        found: dict[int, Item] = {}
        for item in items:
            if item.line.sku_id in self.pieces:
                found.setdefault(item.line.sku_id, item)
        return found

    def _weight(self, item: Item, members: Mapping[int, Item], bundles: int) -> int:
        sku_id = item.line.sku_id
        if members.get(sku_id) is not item:
            return 0
        return item.unit_fen * self.pieces[sku_id] * bundles
