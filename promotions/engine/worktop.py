"""Where one basket is worked: merged items, indexes to find a rule's goods, and what was done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from promotions.engine.basket import Line, Offer
from promotions.engine.items import Item, Standing
from promotions.engine.lanes import Lane
from promotions.engine.rules.base import Rule
from promotions.engine.scope import Scope

Places = defaultdict[int, list[int]]
NO_OFFER = Offer("", 0)


@dataclass(frozen=True, slots=True)
class Applied:
    """One use of a rule: the places of the items it took, and what it took off them."""

    rule: Rule
    places: frozenset[int]
    off_fen: int


@dataclass(slots=True, eq=False)
class Index:
    """Where the items are, by what scopes name. Built once a basket, shared by its snapshots."""

    everywhere: tuple[int, ...]
    has_offers: bool
    by_category: Places
    by_brand: Places
    by_product: Places
    by_sku: Places
    found: dict[Scope, tuple[int, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, items: tuple[Item, ...]) -> Index:
        """Index the items by every id of their goods."""
        categories, brands, products, skus = (Places(list) for _ in range(4))
        for place, item in enumerate(items):
            line = item.line
            for category_id in set(line.category_path):
                categories[category_id].append(place)
            if line.brand_id is not None:
                brands[line.brand_id].append(place)
            products[line.product_id].append(place)
            skus[line.sku_id].append(place)
        has_offers = any(item.line.offer is not None for item in items)
        everywhere = tuple(range(len(items)))
        return cls(everywhere, has_offers, categories, brands, products, skus)

    def places(self, scope: Scope) -> tuple[int, ...]:
        """The places of the items in ``scope``, ascending; remembered, many rules share a scope."""
        known = self.found.get(scope)
        if known is None:
            known = self.found[scope] = self._find(scope)
        return known

    def _find(self, scope: Scope) -> tuple[int, ...]:
        hit: set[int] = set(self.everywhere if scope.is_whole_shop else ())
        hit.update(_in(self.by_category, scope.category_ids), _in(self.by_brand, scope.brand_ids))
        hit.update(_in(self.by_product, scope.product_ids), _in(self.by_sku, scope.sku_ids))
        hit.difference_update(
            _in(self.by_category, scope.excluded_category_ids),
            _in(self.by_product, scope.excluded_product_ids),
        )
        return tuple(sorted(hit))


def _in(index: Places, ids: frozenset[int]) -> Iterable[int]:
    if not ids:
        return ()
    return [place for key in index.keys() & ids for place in index[key]]


@dataclass(slots=True, eq=False)
class Worktop:
    """The items of one basket in canonical order, how each lane found them, and the rules used.

    ``is_open`` while no rule has shut anything for any item, so that nobody need look.
    """

    items: tuple[Item, ...]
    index: Index
    entered: dict[Lane, tuple[Standing, ...]] = field(default_factory=dict)
    applied: list[Applied] = field(default_factory=list)
    touched: dict[Scope, tuple[Item, ...]] = field(default_factory=dict)
    is_open: bool = True

    @classmethod
    def lay_out(cls, lines: Iterable[Line]) -> Worktop:
        """Merge equal (sku, offer) lines and order them, whatever order the caller gave."""
        items = _merged(lines)
        return cls(items, Index.of(items))

    @property
    def has_offers(self) -> bool:
        """Some lines were put in for an activity."""
        return self.index.has_offers

    def touching(self, scope: Scope) -> tuple[Item, ...]:
        """The items in ``scope``."""
        known = self.touched.get(scope)
        if known is None:
            known = tuple([self.items[place] for place in self.index.places(scope)])
            self.touched[scope] = known
        return known

    def open_to(self, rule: Rule) -> tuple[Item, ...]:
        """The items in the rule's scope that no earlier rule shut its lane for."""
        items = self.touching(rule.scope)
        if self.is_open:
            return items
        lane = rule.lane
        if rule.exclusive_group:
            items = tuple([item for item in items if not item.is_claimed_against(rule)])
        return tuple([item for item in items if lane not in item.kept_out])

    def claim(self, place: int, rule: Rule) -> None:
        """Let a rule that has the item at ``place`` shut what it shuts for it."""
        if rule.excludes or rule.exclusive_group:
            self.items[place].claim(rule)
            self.is_open = False

    def enter(self, lane: Lane) -> None:
        """Remember how the items stand as ``lane`` begins."""
        self.entered[lane] = tuple(
            [(i.unit_fen, i.left_fen, i.kept_out, i.groups) for i in self.items]
        )

    def as_of(self, lane: Lane) -> Worktop:
        """A copy of the worktop as ``lane`` found it: for explaining and for trying coupons."""
        items = tuple(
            item.standing_at(standing)
            for item, standing in zip(self.items, self.entered[lane], strict=True)
        )
        return Worktop(items, self.index, dict(self.entered), is_open=self.is_open)

    def takers(self, lane: Lane) -> dict[int, Rule]:
        """Which rule took the item at each place in ``lane``."""
        used = [applied for applied in self.applied if applied.rule.lane is lane]
        return {place: applied.rule for applied in used for place in applied.places}


def _merged(lines: Iterable[Line]) -> tuple[Item, ...]:
    groups: dict[tuple[int, Offer], list[Line]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: line.key):
        groups[line.sku_id, line.offer or NO_OFFER].append(line)
    ordered = sorted(groups.items(), key=lambda group: group[0])
    return tuple([_item(place, parts) for place, (_, parts) in enumerate(ordered)])


def _item(place: int, parts: list[Line]) -> Item:
    first = parts[0]
    if any(replace(part, key=first.key, quantity=first.quantity) != first for part in parts[1:]):
        raise ValueError(f"lines of SKU {first.sku_id} differ in more than key and quantity")
    quantity = sum(part.quantity for part in parts)
    return Item(place, first, tuple(parts), quantity, first.price_fen, first.list_fen * quantity)
