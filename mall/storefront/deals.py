"""Orders as their buyers' pages show them: headline, progress, how they were paid."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from mall.kernel import clock
from mall.kernel.money import yuan
from mall.storefront.templatetags.mall_tags import day
from orders.models import Order
from orders.presenting import deeds_open, provider_title
from orders.selectors import return_days_of
from promotions.models import Campaign

Shape = dict[str, Any]
Status = Order.Status

TRYING_OUT = gettext_lazy("For trying out: no real money moves")
ICONS = {
    Status.UNPAID: "wallet",
    Status.PAID: "box",
    Status.PART_SHIPPED: "truck",
    Status.SHIPPED: "truck",
    Status.RECEIVED: "check",
    Status.COMPLETED: "check",
    Status.CLOSED: "close",
}


def provider_words(code: str) -> Shape:
    """What a provider is called, with its icon."""
    line, icon = (str(TRYING_OUT), "receipt") if code == "sandbox" else ("", "wallet")
    return {"label": provider_title(code), "line": line, "icon": icon}


def pay_label(order: Order) -> str:
    """How an order was paid."""
    paid = next((p for p in order.payments.all() if p.status == p.Status.SUCCEEDED), None)
    if paid is None or paid.provider == "none":
        return ""
    return str(provider_words(paid.provider)["label"])


def headline(order: Order, at: datetime) -> Shape:
    """``status`` of docs/pages.md: where the order is, and what comes next."""
    words, hint = _words(order, at)
    return {"icon": ICONS[Status(order.status)], "headline": words, "hint": hint}


def team_url(order: Order) -> str:
    """The page of the team that the order belongs to, empty for other orders."""
    if order.offer_kind != Campaign.Kind.GROUP or not order.offer_reference:
        return ""
    return reverse("storefront:team", args=[order.offer_reference])


def _words(order: Order, at: datetime) -> tuple[str, str]:
    match order.status:
        case Status.UNPAID if order.awaits_balance:
            return _("Your deposit is paid"), _("It is yours once the balance is paid.")
        case Status.UNPAID:
            return _("Waiting for your payment"), _leaving_hint(order)
        case Status.PAID:
            return _paid_words(order)
        case Status.PART_SHIPPED:
            return _("Part of it is on its way"), _("The rest follows in a parcel of its own.")
        case Status.SHIPPED:
            return _("On its way to you"), _arrival_hint(order)
        case Status.RECEIVED:
            return _("Arrived"), _return_hint(order, at)
        case Status.COMPLETED:
            thanks = _("Thank you. We would like to know how it is.")
            return _("Completed"), _return_hint(order, at) or thanks
    return _closed(order)


def _paid_words(order: Order) -> tuple[str, str]:
    if order.stage == Order.Stage.GROUPING:
        return _("Waiting for your group"), _("It is packed once the group is complete.")
    if order.delivery == Order.Delivery.PICKUP and order.pickup.ready_at is not None:
        return _("Ready to be picked up"), _("Bring the code; it waits for you in the store.")
    if order.stage == Order.Stage.IN_REVIEW:
        return _("Paid, being checked"), _("It is packed once our service has looked at it.")
    if order.stage == Order.Stage.PACKED:
        return _("Packed"), _("It waits to be fetched by the carrier.")
    return _("Paid, being packed"), _("We tell you as soon as it is on its way.")


def _arrival_hint(order: Order) -> str:
    if order.receive_due_at is None:
        return ""
    return _("Counts as received on %(day)s at the latest.") % {"day": day(order.receive_due_at)}


def _leaving_hint(order: Order) -> str:
    """What follows the payment: a presale has a second one, a team has to be complete first, and
    what is fetched in a store does not leave."""
    if order.deposit_fen:
        return _("It is yours once deposit and balance are paid.")
    if order.offer_kind == Campaign.Kind.GROUP:
        return _("It is packed once the group is complete.")
    if order.delivery == Order.Delivery.PICKUP:
        return _("The store gets it ready once it is paid.")
    return _("It leaves within 24 hours of the payment.")


def _return_hint(order: Order, at: datetime) -> str:
    """The last day that the shop's promise for these goods leaves without a reason (O-44), nothing
    once it is over or all of them went back. Queries: 2."""
    if order.received_at is None or "after_sale" not in deeds_open(order, at):
        return ""
    days = timedelta(days=return_days_of(order))
    if not days:
        is_over = order.status == Status.COMPLETED
        said = _("Some of these goods come back only when something is wrong with them.")
        return "" if is_over else said
    if clock.day_of(at) > clock.day_of(order.received_at) + days:
        return ""
    return _("It can be returned until %(day)s.") % {"day": day(order.received_at + days)}


def _closed(order: Order) -> tuple[str, str]:
    hint = _("Nothing was charged; coupons and points are back with you.")
    if order.refunded_fen:
        hint = _("¥%(amount)s goes back to where you paid from.") % {
            "amount": yuan(order.refunded_fen)
        }
    return str(order.get_close_reason_display() or order.get_status_display()), hint


def progress(order: Order) -> list[Shape]:
    """The four steps of an order's life; none for a closed one."""
    if order.status == Status.CLOSED:
        return []
    labels = (
        pgettext("step of an order", "Ordered"),
        pgettext("step of an order", "Paid"),
        pgettext("step of an order", "Shipped"),
        pgettext("step of an order", "Received"),
    )
    times = (order.placed_at, order.paid_at, order.shipped_at, order.received_at)
    done = [at is not None for at in times]
    last = max(place for place, is_done in enumerate(done) if is_done)
    return [
        {"label": label, "at": at, "state": _state(place, last)}
        for place, (label, at) in enumerate(zip(labels, times, strict=True))
    ]


def _state(place: int, last: int) -> str:
    if place < last:
        return "done"
    return "now" if place == last else "todo"


def trace_label(event: Mapping[str, Any]) -> Shape:
    """One scan of a parcel: what happened, where, and what the carrier says of it."""
    told = (event["label"], event.get("place"), event.get("words"))
    return {"at": event["at"], "label": " · ".join(part for part in told if part)}


def with_traces(shape: Shape) -> Shape:
    """An order of api.md whose parcels read as sentences."""
    shipments = [
        {**shipment, "events": [trace_label(event) for event in shipment["events"]]}
        for shipment in shape["shipments"]
    ]
    return {**shape, "shipments": shipments}
