"""What need not be seen at once: sales counts, which cards show, stock for flash sales and
presales, orders whose group has ended, prices that came down."""

from catalog.events import PricesDropped
from catalog.services import add_sales
from inventory.events import StockReceived
from mall.kernel.outbox import subscribe
from orders.events import AfterSalePaidBack, OrderClosed, OrderPaid, OrderReceived, PaymentRefunded
from orders.services import (
    count_buyers,
    donate_for_order,
    end_group,
    give_warranties,
    goods_arrived,
    lock_flash_stock,
    open_packet_of_order,
    release_group,
    take_back_given,
    write_sub_orders,
)
from orders.services.price_alerts import count_losses, tell_of_price_drops
from promotions.events import FlashSaleApproved, GroupFailed, GroupSucceeded


def count_sales(event: OrderPaid) -> None:
    """Count the pieces paid for; many payments never wait for one hot product row that way."""
    add_sales(dict(event.pieces))


def uncount_sales(event: OrderClosed | AfterSalePaidBack) -> None:
    """Take back the pieces of an order, or of a case, that was paid back."""
    add_sales({product_id: -pieces for product_id, pieces in event.unsold})


def count_new_buyers(event: OrderPaid) -> None:
    """Count who bought a product for the first time; imported guests are nobody."""
    if event.member_id is not None:
        count_buyers(member_id=event.member_id, product_ids=dict(event.pieces))


def uncount_buyers(event: OrderClosed | AfterSalePaidBack) -> None:
    """Count out who kept nothing of a product."""
    if event.member_id is not None:
        count_buyers(member_id=event.member_id, product_ids=dict(event.unsold))


def split_over_partners(event: OrderPaid) -> None:
    """Write what partners ship of a paid order; they are told after it."""
    write_sub_orders(order_number=event.number, at=event.at)


def tell_presales(event: StockReceived) -> None:
    """Hold what has come in for who paid for it in a presale, before the shop sells it."""
    goods_arrived()


def count_loss(event: OrderPaid) -> None:
    """Count what was sold below cost; the last piece of its quota ends such a price."""
    count_losses(number=event.number, at=event.at)


def tell_of_drops(event: PricesDropped) -> None:
    """Tell those who keep the goods in mind or in their cart."""
    tell_of_price_drops(drops=event.drops, at=event.at)


def set_flash_stock_aside(event: FlashSaleApproved) -> None:
    """Set aside the pieces of a flash sale, which then goes live, or is sent back."""
    lock_flash_stock(campaign_id=event.campaign_id, at=event.at)


def donate(event: OrderPaid) -> None:
    """Give the shop's ¥1 of a paid order."""
    donate_for_order(order_id=event.order_id, at=event.at)


def cover(event: OrderPaid) -> None:
    """Give the warranty that was on offer when the order was placed."""
    give_warranties(order_id=event.order_id, at=event.at)


def give_packet(event: OrderReceived) -> None:
    """Give the buyer a red packet to share: once the goods are kept, so that ordering and
    cancelling is no way to money."""
    open_packet_of_order(order_id=event.order_id, at=event.at)


def take_back(event: OrderClosed | PaymentRefunded) -> None:
    """Take back what was given for an order whose money went back whole."""
    take_back_given(order_id=event.order_id, at=event.at)


def pack_group(event: GroupSucceeded) -> None:
    """Let the orders of a complete group be packed."""
    release_group(team_number=event.team_number, at=event.at)


def pay_group_back(event: GroupFailed) -> None:
    """Cancel the orders of a group that was not complete in time, and pay them back."""
    end_group(team_number=event.team_number, at=event.at)


def connect() -> None:
    """Listen; called from apps.py."""
    subscribe(OrderPaid, count_sales)
    subscribe(OrderClosed, uncount_sales)
    subscribe(AfterSalePaidBack, uncount_sales)
    subscribe(OrderPaid, count_new_buyers)
    subscribe(OrderClosed, uncount_buyers)
    subscribe(AfterSalePaidBack, uncount_buyers)
    subscribe(StockReceived, tell_presales)
    subscribe(OrderPaid, count_loss)
    subscribe(OrderPaid, split_over_partners)
    subscribe(PricesDropped, tell_of_drops)
    subscribe(FlashSaleApproved, set_flash_stock_aside)
    subscribe(OrderPaid, donate)
    subscribe(OrderPaid, cover)
    subscribe(OrderReceived, give_packet)
    subscribe(OrderClosed, take_back)
    subscribe(PaymentRefunded, take_back)
    subscribe(GroupSucceeded, pack_group)
    subscribe(GroupFailed, pay_group_back)
