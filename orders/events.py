"""What has happened to orders. One event a verb; the names never change."""

import dataclasses
from typing import ClassVar

from mall.kernel.outbox import Event


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class OrderEvent(Event):
    """Which order, and whose; ``member_id`` is None for imported guests."""

    name: ClassVar[str] = "orders.order_event"
    order_id: int
    number: str
    member_id: int | None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CartLineAdded(Event):
    """Pieces were put into a cart; ``member_id`` is None for guests, ``source`` is what led to
    them (O-02, O-55)."""

    name: ClassVar[str] = "orders.cart_line_added"
    cart_id: int
    member_id: int | None
    product_id: int
    sku_id: int
    quantity: int
    source: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class OrderPlaced(OrderEvent):
    """An order was placed and its stock is reserved."""

    name: ClassVar[str] = "orders.order_placed"
    payable_fen: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class OrderPaid(OrderEvent):
    """An order was paid. ``pieces`` are (product id, pieces) pairs."""

    name: ClassVar[str] = "orders.order_paid"
    paid_fen: int
    pieces: tuple[tuple[int, int], ...]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class DepositPaid(OrderEvent):
    """The deposit of a presale order was paid; its balance is due later."""

    name: ClassVar[str] = "orders.deposit_paid"
    deposit_fen: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class OrderClosed(OrderEvent):
    """An order was closed. ``unsold`` are (product id, pieces) pairs that had been paid for."""

    name: ClassVar[str] = "orders.order_closed"
    reason: str
    unsold: tuple[tuple[int, int], ...] = ()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class OrderShipped(OrderEvent):
    """A parcel left; ``is_complete`` says whether it was the last one."""

    name: ClassVar[str] = "orders.order_shipped"
    shipment_number: str
    is_complete: bool


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class OrderReceived(OrderEvent):
    """The shopper has the goods: growth and points came with it."""

    name: ClassVar[str] = "orders.order_received"
    goods_fen: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class OrderCompleted(OrderEvent):
    """The after-sales window is over."""

    name: ClassVar[str] = "orders.order_completed"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRefunded(OrderEvent):
    """Money went back to the payer."""

    name: ClassVar[str] = "orders.payment_refunded"
    refund_no: str
    amount_fen: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ReviewWritten(OrderEvent):
    """A buyer reviewed a line."""

    name: ClassVar[str] = "orders.review_written"
    review_id: int
    product_id: int
    rating: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class AfterSaleRequested(OrderEvent):
    """A buyer asked about pieces of an order."""

    name: ClassVar[str] = "orders.after_sale_requested"
    after_sale_number: str
    kind: str
    reason: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class AfterSalePaidBack(OrderEvent):
    """A case was granted and its money opened. ``unsold`` are (product id, pieces) pairs."""

    name: ClassVar[str] = "orders.after_sale_paid_back"
    after_sale_number: str
    reason: str
    amount_fen: int
    unsold: tuple[tuple[int, int], ...] = ()
