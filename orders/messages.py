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
FEW_LEFT = "orders.few_left"
OFFER_BEGAN = "orders.offer_began"
ORDER_REPRICED = "orders.order_repriced"
ORDER_READDRESSED = "orders.order_readdressed"
BALANCE_OPEN = "orders.balance_open"
BALANCE_LAST_CALL = "orders.balance_last_call"
TASK_OVERDUE = "orders.task_overdue"
PAY_REMINDER = "orders.pay_reminder"
PICKUP_READY = "orders.pickup_ready"
PICKUP_LAST_DAY = "orders.pickup_last_day"
PICKUP_DONE = "orders.pickup_done"
AFTER_SALE_REQUESTED = "orders.after_sale_requested"
AFTER_SALE_SEND_BACK = "orders.after_sale_send_back"
AFTER_SALE_REFUSED = "orders.after_sale_refused"
AFTER_SALE_INSPECTED = "orders.after_sale_inspected"
AFTER_SALE_REFUNDING = "orders.after_sale_refunding"
AFTER_SALE_RESENT = "orders.after_sale_resent"
AFTER_SALE_EXPIRED = "orders.after_sale_expired"
PAYMENTS_LOW = "orders.payments_low"
DROPSHIP_FAILED = "orders.dropship_failed"
REVIEW_REPLIED = "orders.review_replied"
QUESTION_ANSWERED = "orders.question_answered"

TEMPLATES = (
    MessageTemplate(
        REVIEW_REPLIED,
        _("The shop replied to your review"),
        _("Your review of %(title)s has a reply."),
    ),
    MessageTemplate(
        QUESTION_ANSWERED,
        _("Your question has an answer"),
        _("Somebody answered what you asked about %(title)s."),
    ),
    MessageTemplate(
        PAYMENTS_LOW,
        _("Few payments succeed: %(provider)s"),
        _("%(paid)s of %(attempts)s attempts of this hour were paid. The report says why."),
    ),
    MessageTemplate(
        TASK_OVERDUE,
        _("A task is overdue"),
        _("The task about %(reference)s is overdue. It is with %(assignee)s."),
    ),
    MessageTemplate(
        DROPSHIP_FAILED,
        _("A shipping partner needs a call"),
        _("%(warehouse)s: sub-order %(number)s does not go on by itself. Its task says why."),
    ),
    MessageTemplate(
        PAY_REMINDER,
        _("Your order waits to be paid"),
        _("Order %(number)s of ¥%(amount_yuan)s is kept for you until it is paid or runs out."),
        channels=("inbox", "sms"),
    ),
    MessageTemplate(
        AFTER_SALE_REQUESTED,
        _("We have your after-sales request"),
        _("Case %(number)s is with us. We answer within 48 hours."),
    ),
    MessageTemplate(
        AFTER_SALE_SEND_BACK,
        _("Please send the goods back"),
        _("Case %(number)s is approved. Send the goods back within 7 days and tell us the number."),
    ),
    MessageTemplate(
        AFTER_SALE_REFUSED,
        _("We could not grant your request"),
        _("Case %(number)s was refused: %(note)s"),
    ),
    MessageTemplate(
        AFTER_SALE_INSPECTED,
        _("Your goods have arrived"),
        _("The goods of case %(number)s are with us and have been looked at."),
    ),
    MessageTemplate(
        AFTER_SALE_REFUNDING,
        _("Your refund is on its way"),
        _("¥%(amount_yuan)s of case %(number)s go back to where you paid from."),
    ),
    MessageTemplate(
        AFTER_SALE_RESENT,
        _("Your replacement is on its way"),
        _("The new goods of case %(number)s have left: %(note)s"),
    ),
    MessageTemplate(
        AFTER_SALE_EXPIRED,
        _("Your case was closed"),
        _("The goods of case %(number)s were not sent back in time. You can ask again."),
    ),
    MessageTemplate(
        PRICE_DROPPED,
        _("The price has come down"),
        _("%(title)s costs ¥%(now_yuan)s now, ¥%(before_yuan)s before."),
    ),
    MessageTemplate(
        FEW_LEFT,
        _("What you keep in mind is nearly gone"),
        _("Of %(title)s only %(left)s are left."),
    ),
    MessageTemplate(
        OFFER_BEGAN,
        _("An offer for a short time has begun"),
        _("%(title)s costs ¥%(now_yuan)s until %(until)s."),
    ),
    MessageTemplate(
        ORDER_PAID,
        _("Your payment has arrived"),
        _("Order %(number)s is paid with ¥%(amount_yuan)s. We pack it next."),
    ),
    MessageTemplate(
        ORDER_REPRICED,
        _("Your order costs less now"),
        _("The shop lowered the price of order %(number)s: ¥%(amount_yuan)s is to be paid."),
    ),
    MessageTemplate(
        ORDER_READDRESSED,
        _("The address of your order was changed"),
        _("Order %(number)s goes to %(address)s."),
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
        PICKUP_READY,
        _("Your order is ready to be picked up"),
        _("Order %(number)s waits for you in %(store)s until %(until)s. Bring its code."),
    ),
    MessageTemplate(
        PICKUP_LAST_DAY,
        _("Last day to pick up your order"),
        _("Order %(number)s is kept in %(store)s until %(until)s only."),
    ),
    MessageTemplate(
        PICKUP_DONE,
        _("You have picked up your order"),
        _("Order %(number)s was handed over. Growth and points have been added."),
    ),
    MessageTemplate(
        SURPLUS_REFUNDED,
        _("A payment too many goes back"),
        _("Order %(number)s needed no further payment: ¥%(amount_yuan)s go back by themselves."),
    ),
)
