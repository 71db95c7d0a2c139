"""What buyers are told about their orders."""

from django.utils.translation import gettext_lazy as _

from mall.kernel.notify import MessageTemplate

ORDER_PAID = "orders.order_paid"
ORDER_SHIPPED = "orders.order_shipped"
ORDER_SIGNED = "orders.order_signed"
ORDER_CLOSED = "orders.order_closed"
ORDER_REFUNDED = "orders.order_refunded"
SURPLUS_REFUNDED = "orders.surplus_refunded"
PRICE_DROPPED = "orders.price_dropped"
BALANCE_OPEN = "orders.balance_open"
BALANCE_LAST_CALL = "orders.balance_last_call"

TEMPLATES = (
    MessageTemplate(
        PRICE_DROPPED,
        _("The price has come down"),
        _("%(title)s costs ¥%(now_yuan)s now, ¥%(before_yuan)s before."),
    ),
    MessageTemplate(
        ORDER_PAID,
        _("Your payment has arrived"),
        _("Order %(number)s is paid with ¥%(amount_yuan)s. We pack it next."),
    ),
    MessageTemplate(
        ORDER_SHIPPED,
        _("Your parcel is on its way"),
        _("Order %(number)s left with %(carrier)s, tracking number %(tracking_no)s."),
    ),
    MessageTemplate(
        ORDER_SIGNED,
        _("Your parcel has been delivered"),
        _("Order %(number)s was signed for. Please confirm it: growth and points come with it."),
    ),
    MessageTemplate(
        ORDER_CLOSED,
        _("Your order was closed"),
        _("Order %(number)s was closed. Coupons and points of this order are back."),
    ),
    MessageTemplate(
        ORDER_REFUNDED,
        _("Your money is on its way back"),
        _("¥%(amount_yuan)s of order %(number)s go back to where you paid from."),
    ),
    MessageTemplate(
        BALANCE_OPEN,
        _("Your balance can be paid now"),
        _("Pay the balance of ¥%(amount_yuan)s for order %(number)s, and it is sent to you."),
    ),
    MessageTemplate(
        BALANCE_LAST_CALL,
        _("Less than a day left for your balance"),
        _("The balance of ¥%(amount_yuan)s for order %(number)s is still open."),
    ),
    MessageTemplate(
        SURPLUS_REFUNDED,
        _("A payment too many goes back"),
        _("Order %(number)s needed no further payment: ¥%(amount_yuan)s go back by themselves."),
    ),
)
