"""The order desk: what waits, the receipt of each order, and the deeds of shipping and closing."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import action, display

from inventory.presenting import allocation_dict
from inventory.selectors import allocations_of
from mall.kernel import clock
from mall.kernel.admin import MallAdmin, OffersByState, ReadOnlyInline, VerbPage, whether
from mall.kernel.admin.colours import ColourOf
from orders import services, words
from orders.admin.acting import actor_of, amount
from orders.admin.billing import CorrectsInvoices
from orders.admin.changing import ChangesOrders
from orders.admin.compensating import CompensatesOrders
from orders.admin.forms import CloseForm, parcel_form, pieces_of
from orders.admin.missing import MissesGoods
from orders.admin.sending import Reminding, advice, carrier_choices
from orders.models import Order, OrderHistory, Payment, Refund, Shipment
from orders.presenting import order_dict
from orders.selectors import with_all
from orders.services.shipping import SHIPPABLE

Status = Order.Status
SEE_PHONE = "members.see_phone"
FETCHED, HELD = "fetched", "held"
"""States that the desk tells apart inside one status: picked up in a store; waiting for its group
or its check."""
HOLDING = (Order.Stage.GROUPING, Order.Stage.IN_REVIEW)
BILLED = ("title", "tax_no", "email")
COLOURS = {
    Order.Status.UNPAID: "warning",
    Order.Status.PAID: "danger",
    Order.Status.PART_SHIPPED: "danger",
    Order.Status.SHIPPED: "info",
    Order.Status.RECEIVED: "success",
    Order.Status.COMPLETED: "success",
}


class HistoryInline(ReadOnlyInline):
    """Every move with who and when."""

    model = OrderHistory
    fields = ("at", "deed", "status_before", "status_after", "actor", "note")
    readonly_fields = ("deed", "status_before", "status_after")
    verbose_name_plural = _("history")
    hide_title = True

    @admin.display(description=_("what"))
    def deed(self, row: OrderHistory) -> str:
        return words.history(row.code)

    @admin.display(description=pgettext_lazy("status", "from"))
    def status_before(self, row: OrderHistory) -> str:
        return words.status_name(row.from_status)

    @admin.display(description=pgettext_lazy("status", "to"))
    def status_after(self, row: OrderHistory) -> str:
        return words.status_name(row.to_status)

    def get_queryset(self, request: HttpRequest) -> QuerySet[OrderHistory]:
        return super().get_queryset(request).select_related("actor")


class PaymentInline(ReadOnlyInline):
    """Attempts to pay."""

    spoken = {"provider": words.PROVIDERS}

    model = Payment
    fields = ("payment_no", "provider", "status", "paid_amount", "is_surplus", "succeeded_at")
    readonly_fields = ("paid_amount",)

    @admin.display(description=_("amount"))
    def paid_amount(self, payment: Payment) -> str:
        return amount(payment.amount_fen)


class RefundInline(ReadOnlyInline):
    """Money that goes back."""

    spoken = {"reason": words.REFUND_REASONS}

    model = Refund
    fields = ("refund_no", "reason", "status", "back", "attempts", "succeeded_at")
    readonly_fields = ("back",)

    @admin.display(description=_("amount"))
    def back(self, refund: Refund) -> str:
        return amount(refund.amount_fen)


class ShipmentInline(ReadOnlyInline):
    """Parcels."""

    model = Shipment
    fields = ("number", "carrier", "tracking_no", "shipped_at", "signed_at")
    show_change_link = True
    hide_title = False


@admin.register(Order)
class OrderAdmin(
    OffersByState,
    Reminding,
    CompensatesOrders,
    ChangesOrders,
    CorrectsInvoices,
    MissesGoods,
    MallAdmin,
):
    """Orders change by deeds, never by typing over them."""

    list_display = (
        "number",
        "state",
        "placed_at",
        "buyer",
        "goods",
        "payable",
        "paid_at",
        "source",
    )
    list_filter = (
        "status",
        "stage",
        "source",
        "close_reason",
        whether("invoice", _("invoice"), there=_("asked for"), lacking=_("not asked for")),
        ("placed_at", RangeDateFilter),
    )
    list_filter_submit = True
    list_before_template = "orders/admin/chips.html"
    list_select_related = ("member",)
    search_fields = ("=number", "=receiver_phone", "=shipments__tracking_no", "member__nickname")
    search_help_text = _("Order number, whole phone number, tracking number or nickname")
    ordering = ("-placed_at", "-pk")
    date_hierarchy = None
    masked_fields = ("receiver_phone",)
    mask_permission = SEE_PHONE
    readonly_fields = (
        "number",
        "state",
        "placed_at",
        "buyer",
        "source",
        "journey",
        "touches",
        "bundles",
        "delivery",
        "ships_on",
        "receiver_name",
        "receiver_phone",
        "address",
        "note",
        "billing",
        "allocation",
        "receipt",
    )
    fields = readonly_fields
    inlines = (ShipmentInline, PaymentInline, RefundInline, HistoryInline)
    actions = ("remind_chosen",)
    actions_detail = (
        "remind",
        "reprice",
        "readdress",
        "change_invoice",
        "ship",
        "not_there",
        "close",
        "compensate",
    )
    offers = {
        Status.UNPAID: ("remind", "reprice", "readdress", "close"),
        FETCHED: ("close", "compensate"),
        HELD: ("readdress", "close", "compensate"),
        Status.PAID: ("readdress", "ship", "not_there", "close", "compensate"),
        Status.PART_SHIPPED: ("ship", "not_there", "compensate"),
        Status.SHIPPED: ("compensate",),
        Status.RECEIVED: ("compensate",),
        Status.COMPLETED: ("compensate",),
        Status.CLOSED: ("compensate",),
    }

    @admin.display(description=_("came by"), empty_value="-")
    def journey(self, order: Order) -> str | None:
        """Channel, device, campaign and arms of experiments, as far as they are known."""
        arms = [f"{name}: {arm}" for name, arm in sorted(order.experiments.items())]
        known = [order.channel, order.get_device_display(), order.campaign, *arms]
        return " · ".join(filter(None, known)) or None

    @admin.display(description=_("what led to it"), empty_value="-")
    def touches(self, order: Order) -> str | None:
        """The source of each line that has one (O-55)."""
        lines = order.lines.all()
        return ", ".join(f"{line.sku_code}: {line.source}" for line in lines if line.source) or None

    @admin.display(description=_("parts of its bundles"), empty_value="-")
    def bundles(self, order: Order) -> str | None:
        """What the bundles were made of when they were sold (C-13)."""
        lines = order.lines.all()
        return (
            ", ".join(f"{line.sku_code}: {line.parts_text}" for line in lines if line.parts) or None
        )

    @admin.display(description=_("invoice"), empty_value="-")
    def billing(self, order: Order) -> str | None:
        """Whom the invoice is for, in one line; nothing when none was asked for."""
        asked = order.invoice or {}
        return " · ".join(str(asked[key]) for key in BILLED if asked.get(key)) or None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Order | None = None) -> bool:
        """Nothing is typed over; the deeds ask for their own rights."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Order | None = None) -> bool:
        return False

    def state_of(self, row: Order | None) -> str:
        """The status, told apart where what is fetched in a store or waits is not shipped."""
        if row is None:
            return ""
        if row.status != Status.PAID:
            return row.status
        if row.delivery == Order.Delivery.PICKUP:
            return FETCHED
        return HELD if row.stage in HOLDING else row.status

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """None that the money of the order leaves nothing to do. Queries: 4."""
        shown = super().get_actions_detail(request, object_id)
        order = self.get_object(request, unquote(str(object_id)))
        idle = () if order is None else _idle_deeds(order)
        return [deed for deed in shown if not deed.action_name.endswith(idle)]

    def has_ship_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return bool(request.user.has_perm("orders.add_shipment"))

    def has_close_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return bool(request.user.has_perm("orders.change_order"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        return super().get_queryset(request).prefetch_related("lines")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list under its chips: one a state with how many orders are in it."""
        chips = {"chips": _chips(request.GET.get("status__exact", ""))}
        return super().changelist_view(request, {**(extra_context or {}), **chips})

    @display(description=_("state"), label=ColourOf.choices(COLOURS))
    def state(self, order: Order) -> str:
        return str(order.get_status_display())

    @admin.display(description=_("buyer"))
    def buyer(self, order: Order) -> str:
        return order.member.nickname if order.member else order.receiver_name

    @admin.display(description=_("goods"))
    def goods(self, order: Order) -> str:
        lines = list(order.lines.all())
        if not lines:
            return ""
        more = f" +{len(lines) - 1}" if len(lines) > 1 else ""
        return f"{lines[0].title_zh} × {lines[0].quantity}{more}"

    @admin.display(description=_("payable"), ordering="payable_fen")
    def payable(self, order: Order) -> str:
        return amount(order.payable_fen)

    @admin.display(description=_("address"))
    def address(self, order: Order) -> str:
        return " ".join([*order.region_names, order.address_detail])

    @admin.display(description=_("allocation"))
    def allocation(self, order: Order) -> SafeString:
        """Which warehouse was chosen and why, as often as it was decided. Queries: 1."""
        found = [allocation_dict(row) for row in allocations_of(order.number)]
        return render_to_string("inventory/admin/allocation.html", {"allocations": found})

    @admin.display(description=_("receipt"))
    def receipt(self, order: Order) -> SafeString:
        """The price receipt the buyer sees, line by line, to the fen."""
        whole = with_all(Order.objects.filter(pk=order.pk)).get()
        shown = order_dict(whole, at=clock.now())
        return render_to_string("orders/admin/receipt.html", {"order": shown})

    @action(description=_("Ship"), permissions=["ship"], icon="local_shipping")
    def ship(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A parcel leaves: the whole order, or pieces of it."""
        order = get_object_or_404(Order, pk=object_id)
        lines = list(order.lines.all()) if order.status in SHIPPABLE else []
        choices = carrier_choices(order)
        verb = partial(
            services.ship_order,
            order_number=order.number,
            actor=actor_of(request),
            at=clock.now(),
        )
        page = VerbPage(
            title=_("Ship %(number)s") % {"number": order.number},
            form_class=parcel_form(lines),
            run=lambda typed: verb(
                carrier=typed["carrier"].code,
                tracking_no=typed["tracking_no"],
                pieces=pieces_of(typed) or None,
            ),
            done=_("The parcel is on its way; the buyer has been told."),
            back=reverse("admin:orders_order_change", args=[order.pk]),
            button=_("Ship"),
            initial={"carrier": choices[0].code} if choices else None,
            facts=(*self._facts(request, order), (_("carriers to take"), advice(choices))),
        )
        return page.answer(request, self)

    @action(description=pgettext_lazy("order", "Close"), permissions=["close"], icon="block")
    def close(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The shop cannot serve the order: unpaid it is closed, paid it is paid back whole."""
        order = get_object_or_404(Order, pk=object_id)
        verb = partial(services.close_by_shop, order=order, actor=actor_of(request), at=clock.now())
        page = VerbPage(
            title=_("Close %(number)s") % {"number": order.number},
            form_class=CloseForm,
            run=lambda typed: verb(**typed),
            done=_("The order is closed."),
            back=reverse("admin:orders_order_change", args=[order.pk]),
            button=pgettext_lazy("order", "Close"),
            facts=((_("goes back to the buyer"), amount(order.paid_fen - order.refunded_fen)),),
        )
        return page.answer(request, self)

    def _facts(self, request: HttpRequest, order: Order) -> tuple[tuple[Promise, Any], ...]:
        phone = order.receiver_phone
        if not self.may_see_masked(request):
            phone = f"{phone[:3]}****{phone[-4:]}"
        return (
            (_("state"), self.state(order)),
            (_("receiver"), f"{order.receiver_name} {phone}"),
            (_("address"), self.address(order)),
        )


def _idle_deeds(order: Order) -> tuple[str, ...]:
    """How the names of some end: nobody is reminded of what cannot be paid now, nor given more than
    was paid."""
    can_be_given = order.paid_fen > 0 and order.member_id is not None
    asks_for_money = order.is_payable_at(clock.now())
    return ("_remind",) * (not asks_for_money) + ("_compensate",) * (not can_be_given)


def _chips(current: str) -> list[dict[str, Any]]:
    """One a state, with its count; the current one leads back to all. Queries: 1."""
    counts = dict(Order.objects.order_by().values_list("status").annotate(Count("pk")))
    return [
        {
            "label": status.label,
            "count": counts.get(status.value, 0),
            "url": "?" if status.value == current else f"?status__exact={status.value}",
            "current": status.value == current,
            "kind": COLOURS.get(status, ""),
        }
        for status in Order.Status
    ]
