"""What has happened to stock."""

import dataclasses
from typing import ClassVar

from mall.kernel.outbox import Event


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class StockReserved(Event):
    """Pieces are promised to an order; ``pieces`` are (SKU id, pieces)."""

    name: ClassVar[str] = "inventory.stock_reserved"
    order_number: str
    pieces: tuple[tuple[int, int], ...]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class StockReleased(Event):
    """Promised pieces are free again."""

    name: ClassVar[str] = "inventory.stock_released"
    order_number: str
    pieces: tuple[tuple[int, int], ...]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class StockConsumed(Event):
    """Promised pieces have left the house."""

    name: ClassVar[str] = "inventory.stock_consumed"
    order_number: str
    shipment_number: str
    pieces: tuple[tuple[int, int], ...]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class StockReceived(Event):
    """Pieces have come in, from a supplier or back from a shopper."""

    name: ClassVar[str] = "inventory.stock_received"
    warehouse_id: int
    source_type: str
    source_id: str
    pieces: tuple[tuple[int, int], ...]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class StockCounted(Event):
    """Somebody counted or wrote off; ``difference`` is what the books were wrong by."""

    name: ClassVar[str] = "inventory.stock_counted"
    item_id: int
    sku_id: int
    difference: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class StockRanLow(Event):
    """Restock alerts were raised; ``alert_ids`` name them."""

    name: ClassVar[str] = "inventory.stock_ran_low"
    alert_ids: tuple[int, ...]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class StocktakeBooked(Event):
    """A stocktake or adjustment was approved; ``differences`` are (SKU id, pieces)."""

    name: ClassVar[str] = "inventory.stocktake_booked"
    number: str
    differences: tuple[tuple[int, int], ...]
