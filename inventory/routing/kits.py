"""Bundles in routing: a line that takes pieces of several SKUs, whole, out of one warehouse. Pure.

A bundle is packed by us: what lies at a supplier's or in a cloud is not counted, and parts that lie
in different warehouses are no bundle. Two bundles of one order that share a part are served in the
order of their lines. Source: requirement C-13; docs/adr/0015.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from inventory.routing.houses import House, Shelf

Kit = tuple[tuple[int, int], ...]
"""What one bundle takes: SKU id and pieces of each part."""

Kits = Mapping[str, Kit]
"""Line key -> its kit; lines without one take their own SKU."""

Rows = Mapping[int, Sequence[Shelf]]
"""Shelves by SKU id, those of the best warehouse first."""


def places_of(kit: Kit, rows: Rows) -> Iterator[tuple[House, tuple[Shelf, ...]]]:
    """Each of our warehouses where all parts lie, with the shelf of each part in their order."""
    if not kit:
        return
    by_house = [{shelf.house.id: shelf for shelf in rows.get(sku_id, ())} for sku_id, _each in kit]
    for house_id, first in by_house[0].items():
        if first.house.makes_bundles and all(house_id in part for part in by_house):
            yield first.house, tuple(part[house_id] for part in by_house)


def units_there(kit: Kit, shelves: Iterable[Shelf], free: Mapping[int, int]) -> int:
    """Bundles that can be made of what is free on these shelves: the least part decides."""
    return min(
        free[shelf.item_id] // each for shelf, (_sku, each) in zip(shelves, kit, strict=True)
    )


def units_of(kit: Kit, shelves: Iterable[Shelf]) -> int:
    """Bundles that can be sold, over all warehouses."""
    rows: dict[int, list[Shelf]] = {}
    free: dict[int, int] = {}
    for shelf in shelves:
        rows.setdefault(shelf.sku_id, []).append(shelf)
        free[shelf.item_id] = shelf.free
    return sum(units_there(kit, there, free) for _house, there in places_of(kit, rows))


def take_units(
    kit: Kit, rows: Rows, free: Mapping[int, int], units: int
) -> list[tuple[House, tuple[Shelf, ...], int]]:
    """The bundles from the first warehouse that has them all, else from several; fewer than
    ``units`` when there are no more."""
    there = [(house, row, units_there(kit, row, free)) for house, row in places_of(kit, rows)]
    for house, row, number in there:
        if number >= units:
            return [(house, row, units)]
    taken = []
    for house, row, number in there:
        part = min(number, units)
        if part:
            taken.append((house, row, part))
            units -= part
    return taken


def use_up(
    kit: Kit, taken: Iterable[tuple[House, tuple[Shelf, ...], int]], free: dict[int, int]
) -> None:
    """Take the parts of these bundles off what is ``free``."""
    for _house, shelves, units in taken:
        for shelf, (_sku, each) in zip(shelves, kit, strict=True):
            free[shelf.item_id] -= units * each
