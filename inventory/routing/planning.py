"""Which warehouse gives what to which line of an order, and why. Pure: decides over numbers.

Source: requirements O-29, I-16. All or nothing: every line gets its pieces, or nobody any.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice

from inventory.routing.houses import House, Policy, Shelf
from inventory.routing.kits import Kit, Kits, take_units, use_up
from inventory.routing.ranking import Standing, ranked

MOST_TRIES = 20_000
"""Sets of warehouses that are tried to hold the split limit; 30 choose 3 is 4060."""

NEAREST, FALLBACK, WHOLE_ORDER = "nearest", "fallback", "whole_order"
SPLIT, FEW_PARCELS, SUPPLIER = "split", "few_parcels", "supplier"

Wanted = Mapping[str, tuple[int, int]]
"""Line key -> SKU id, pieces."""


@dataclass(frozen=True, slots=True)
class Pick:
    """So many pieces for one line from one shelf; ``passed`` had too few and stood before it.

    ``pieces_each`` go into one bundle of the line; 1 for ordinary goods.
    """

    line_key: str
    item_id: int
    pieces: int
    house_id: int
    reason: str
    passed: tuple[tuple[int, int], ...] = ()
    pieces_each: int = 1


@dataclass(frozen=True, slots=True)
class Plan:
    """What is taken from where; ``houses`` in the order in which they were asked."""

    picks: tuple[Pick, ...]
    houses: tuple[Standing, ...] = ()

    @property
    def house_ids(self) -> list[int]:
        """The warehouses that send a parcel, in the order asked."""
        used = {pick.house_id for pick in self.picks}
        return [one.house.id for one in self.houses if one.house.id in used]


@dataclass(frozen=True, slots=True)
class Shortage:
    """A SKU of which fewer pieces are free, in all warehouses together, than the lines want."""

    sku_id: int
    available: int


@dataclass(frozen=True, slots=True)
class Scattered:
    """The goods are there, but in more warehouses than one order may be sent from."""

    parcels: int
    limit: int


@dataclass(frozen=True, slots=True)
class _Stock:
    """Shelves by SKU in the order of their houses: ``open`` ones may give, ``known`` explain.
    ``free`` goes down while lines are being served."""

    open: Mapping[int, Sequence[Shelf]]
    known: Mapping[int, Sequence[Shelf]]
    free: dict[int, int]
    kits: Kits

    def within(self, house_ids: Iterable[int]) -> "_Stock":
        """The same stock, untouched, of which only some houses may give."""
        ids = set(house_ids)
        few = {
            sku_id: [shelf for shelf in row if shelf.house.id in ids]
            for sku_id, row in self.known.items()
        }
        return _Stock(few, self.known, _free(self.known), self.kits)


def plan(
    wanted: Wanted,
    shelves: Iterable[Shelf],
    region_code: str,
    policy: Policy,
    kits: Kits | None = None,
) -> Plan | Shortage | Scattered:
    """Give every line its pieces from the best warehouses, or say what is in the way.

    One warehouse that has the whole order comes first (if the policy says so), our own before
    suppliers'. Else each line comes whole from the best warehouse that has it whole; only when
    none has is it split. More parcels than the policy allows are gathered into fewer if any set
    of warehouses can do it. Lines in ``kits`` are bundles: their pieces are taken of the parts.
    """
    rows = list(shelves)
    houses = ranked(
        list({shelf.house.id: shelf.house for shelf in rows}.values()), region_code, policy
    )
    stock = _by_sku(rows, houses, kits or {})
    short = _shortage(wanted, stock)
    if short is not None:
        return short
    if policy.whole_order_first:
        whole = _from_one(wanted, stock, houses)
        if whole is not None:
            return Plan(tuple(whole), tuple(houses))
    found = Plan(tuple(_line_by_line(wanted, stock)), tuple(houses))
    if len(found.house_ids) <= policy.max_parcels:
        return found
    return _gathered(wanted, stock, houses, policy) or Scattered(
        len(found.house_ids), policy.max_parcels
    )


def _by_sku(rows: Sequence[Shelf], houses: Sequence[Standing], kits: Kits) -> _Stock:
    place = {one.house.id: position for position, one in enumerate(houses)}
    shelves: dict[int, list[Shelf]] = defaultdict(list)
    for shelf in sorted(rows, key=lambda shelf: (place[shelf.house.id], shelf.item_id)):
        shelves[shelf.sku_id].append(shelf)
    return _Stock(shelves, shelves, _free(shelves), kits)


def _free(shelves: Mapping[int, Sequence[Shelf]]) -> dict[int, int]:
    return {shelf.item_id: shelf.free for row in shelves.values() for shelf in row}


def _shortage(wanted: Wanted, stock: _Stock) -> Shortage | None:
    """The first line, in order, whose SKU is not there for all lines up to it."""
    asked: dict[int, int] = defaultdict(int)
    free = stock.free
    if stock.kits:
        free = dict(free)
        short = _kits_short(wanted, stock, free)
        if short is not None:
            return short
    for line_key, (sku_id, pieces) in wanted.items():
        if line_key in stock.kits:
            continue
        asked[sku_id] += pieces
        available = sum(free[shelf.item_id] for shelf in stock.open.get(sku_id, ()))
        if asked[sku_id] > available:
            return Shortage(sku_id, available)
    return None


def _kits_short(wanted: Wanted, stock: _Stock, free: dict[int, int]) -> Shortage | None:
    """The first bundle that is not there; else ``free`` is what the bundles leave."""
    for line_key, kit in stock.kits.items():
        sku_id, units = wanted[line_key]
        taken = take_units(kit, stock.open, free, units)
        found = sum(part for _house, _shelves, part in taken)
        if found < units:
            return Shortage(sku_id, found)
        use_up(kit, taken, free)
    return None


def _from_one(wanted: Wanted, stock: _Stock, houses: Sequence[Standing]) -> list[Pick] | None:
    """The whole order from the first house that has it; from a supplier's only if ours lack
    something."""
    ours = [one.house.id for one in houses if not one.house.is_supplier]
    ours_do = _shortage(wanted, stock.within(ours)) is None
    for one in houses:
        if one.house.is_supplier and ours_do:
            return None
        alone = stock.within([one.house.id])
        if _shortage(wanted, alone) is None:
            return _line_by_line(wanted, alone, WHOLE_ORDER)
    return None


def _gathered(
    wanted: Wanted, stock: _Stock, houses: Sequence[Standing], policy: Policy
) -> Plan | None:
    """The order from as few of the best houses as can serve it; None when no set within the
    limit can."""
    ids = [one.house.id for one in houses]
    sets = (some for size in range(1, policy.max_parcels + 1) for some in combinations(ids, size))
    for some in islice(sets, MOST_TRIES):
        part = stock.within(some)
        if _shortage(wanted, part) is None:
            return Plan(tuple(_line_by_line(wanted, part, FEW_PARCELS)), tuple(houses))
    return None


def _line_by_line(wanted: Wanted, stock: _Stock, because: str = NEAREST) -> list[Pick]:
    """Serve each line from the first open shelf that has it whole, else from several; the stock is
    known to suffice. ``because`` says why a nearer house that has a line was left out."""
    picks: list[Pick] = []
    for line_key, kit in stock.kits.items():
        picks += _kit_picks(line_key, kit, wanted[line_key][1], stock, because)
    for line_key, (sku_id, pieces) in wanted.items():
        if line_key in stock.kits:
            continue
        taken = _take(stock.open[sku_id], stock.free, pieces)
        for shelf, part in taken:
            before = stock.known[sku_id][: stock.known[sku_id].index(shelf)]
            short = [one for one in before if stock.free[one.item_id] < pieces]
            passed = tuple((one.house.id, stock.free[one.item_id]) for one in short)
            why = SPLIT if len(taken) > 1 else _reason(shelf.house, before, short, because)
            picks.append(Pick(line_key, shelf.item_id, part, shelf.house.id, why, passed))
        for shelf, part in taken:
            stock.free[shelf.item_id] -= part
    return picks


def _kit_picks(line_key: str, kit: Kit, units: int, stock: _Stock, because: str) -> Iterator[Pick]:
    """A bundle's parts, all that go into one parcel beside each other."""
    taken = take_units(kit, stock.open, stock.free, units)
    why = SPLIT if len(taken) > 1 else because
    for house, shelves, number in taken:
        for shelf, (_sku, each) in zip(shelves, kit, strict=True):
            pieces = number * each
            yield Pick(line_key, shelf.item_id, pieces, house.id, why, pieces_each=each)
    use_up(kit, taken, stock.free)


def _take(row: Sequence[Shelf], free: Mapping[int, int], pieces: int) -> list[tuple[Shelf, int]]:
    for shelf in row:
        if free[shelf.item_id] >= pieces:
            return [(shelf, pieces)]
    taken: list[tuple[Shelf, int]] = []
    for shelf in row:
        part = min(free[shelf.item_id], pieces)
        if part:
            taken.append((shelf, part))
            pieces -= part
    return taken


def _reason(house: House, before: Sequence[Shelf], short: Sequence[Shelf], because: str) -> str:
    if len(short) < len(before):
        return because
    if house.is_supplier:
        return SUPPLIER
    return FALLBACK if before else NEAREST
