"""What to do about an exception task, and where it is done. Source: requirement O-26."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orders.models import (
    AfterSale,
    BillFinding,
    Order,
    OrderCheck,
    OrderTask,
    Refund,
    Shipment,
    SubOrder,
)

Kind = OrderTask.Kind
Words = str | Promise
Screened = type[AfterSale | BillFinding | Order | OrderCheck | Refund | Shipment | SubOrder]


@dataclass(frozen=True, slots=True)
class Step:
    """What somebody does now, and the list where the cause itself is found by its number."""

    says: Words
    screen: Screened
    called: Words


STEPS: Mapping[str, Step] = {
    Kind.STOCK_SHORT: Step(
        _("Bring stock to the warehouse or ship from another one; else agree a refund."),
        Order,
        _("Order"),
    ),
    Kind.ADDRESS_ERROR: Step(
        _("Ask the buyer for the address and mend it in the order; then let its check pass."),
        OrderCheck,
        _("Check of the order"),
    ),
    Kind.LATE_SHIPPING: Step(
        _("Pack and ship it now, or tell the buyer when it leaves; else agree a refund."),
        Order,
        _("Order"),
    ),
    Kind.PAYMENT_MISMATCH: Step(
        _("Hold our book against the provider's bill, then solve the difference and say why."),
        BillFinding,
        _("Difference of the bill"),
    ),
    Kind.TRACKING_STALLED: Step(
        _("Ask the carrier where the parcel is and note what it says; tell the buyer."),
        Shipment,
        pgettext_lazy("task", "Parcel"),
    ),
    Kind.DROPSHIP_FAILED: Step(
        _("Call the partner; then send the sub-order again, or note what the partner says."),
        SubOrder,
        _("Sub-order"),
    ),
    Kind.REFUND_STUCK: Step(
        _("Find out why the provider refused it, then send the refund again."),
        Refund,
        _("Refund"),
    ),
    Kind.RISK_REVIEW: Step(
        _("Look at what the check found, then let the order pass or reject it."),
        OrderCheck,
        _("Check of the order"),
    ),
}
AT_THE_DOOR = Step(
    _("Order the courier for the day and time of the case, and enter its number there."),
    AfterSale,
    _("After-sales case"),
)
IN_THE_STORE = Step(
    _("Ask the buyer: keep the goods longer in the store, send them, or cancel the order."),
    Order,
    _("Order"),
)


def step_of(task: OrderTask) -> Step:
    """A pick-up is a courier's at the buyer's door, or a buyer's in a store."""
    if task.kind == Kind.PICKUP:
        return IN_THE_STORE if "store" in task.facts else AT_THE_DOOR
    return STEPS[task.kind]


def cause_of(task: OrderTask) -> str:
    """What it is about, in a list: the number, and that it is a promise where it is one, or which
    warehouse lacks the goods."""
    number, slash, rest = task.reference.partition("/")
    if task.kind == Kind.STOCK_SHORT:
        return f"{number} · {rest}" if slash else number
    over = _("promised time is over")
    return f"{number} · {over}" if slash else number


def number_of(task: OrderTask) -> str:
    """The number behind a reference: "S7/promise" is parcel S7 of which a promise was broken."""
    return task.reference.partition("/")[0]


def ways_of(task: OrderTask, request: HttpRequest) -> SafeString:
    """Links to the order and to the cause, as far as this operator may open them."""
    link = '<a class="text-primary-600 dark:text-primary-500" href="{}">{} {}</a>'
    return format_html_join(" · ", link, _ways(task, request))


def _ways(task: OrderTask, request: HttpRequest) -> Iterator[tuple[str, Words, str]]:
    step = step_of(task)
    if task.order is not None and _may_see(Order, request):
        address = reverse("admin:orders_order_change", args=[task.order_id])
        yield address, _("Order"), task.order.number
    if step.screen is not Order and _may_see(step.screen, request):
        meta, number = step.screen._meta, number_of(task)
        address = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
        yield f"{address}?{urlencode({'q': number})}", step.called, number


def _may_see(model: Screened, request: HttpRequest) -> bool:
    screen = admin.site._registry.get(model)
    return screen is not None and screen.has_view_or_change_permission(request)
