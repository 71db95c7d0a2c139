"""What has happened in the catalogue."""

import dataclasses
from typing import ClassVar

from mall.kernel.outbox import Event


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ProductPublished(Event):
    """Shoppers can see the product now."""

    name: ClassVar[str] = "catalog.product_published"
    product_id: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ProductTakenOff(Event):
    """Shoppers cannot see the product any more."""

    name: ClassVar[str] = "catalog.product_taken_off"
    product_id: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PricesChanged(Event):
    """Other basic prices hold for these SKUs from now on."""

    name: ClassVar[str] = "catalog.prices_changed"
    sku_ids: tuple[int, ...]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PricesDropped(Event):
    """Goods on sale became cheaper; who keeps them in mind may want to know (P-67).

    ``drops`` are (SKU id, product id, fen before, fen now).
    """

    name: ClassVar[str] = "catalog.prices_dropped"
    drops: tuple[tuple[int, int, int, int], ...]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ListingsOutdated(Event):
    """What these listings are graded by has changed."""

    name: ClassVar[str] = "catalog.listings_outdated"
    product_ids: tuple[int, ...]
