"""What partners ship for us: sub-orders, what partners said, and how each of them is told.

Source: requirements O-28, I-23.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminFileFieldWidget

from mall.kernel import clock
from mall.kernel.admin import (
    MallAdmin,
    OffersByState,
    OneRowAdmin,
    ReadOnlyAdmin,
    ReadOnlyInline,
    VerbPage,
    csv_response,
)
from orders import services
from orders.admin.acting import actor_of
from orders.admin.forms import CloseForm, ParcelForm
from orders.models import (
    DropshipPolicy,
    ForwardRoute,
    OrderTask,
    PartnerReport,
    SubOrder,
    SubOrderLine,
)
from orders.services import FILE_HEADER, RowResult

State = SubOrder.State
MOST_NAMED = 20
CHIPS = {
    str(State.PENDING.label): "warning",
    str(State.SENT.label): "info",
    str(State.ACCEPTED.label): "info",
    str(State.SHIPPED.label): "success",
    str(State.REFUSED.label): "danger",
}


class SubOrderLineInline(ReadOnlyInline):
    """What is in it."""

    model = SubOrderLine
    fields = ("line", "outside_code", "quantity")


class PartnerReportInline(ReadOnlyInline):
    """What the partner said of it."""

    model = PartnerReport
    fields = ("received_at", "outcome", "reason", "body")


class TroubleFilter(admin.SimpleListFilter):
    """Those that a person has to see to."""

    title = gettext_lazy("trouble")
    parameter_name = "trouble"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", gettext_lazy("has an open task")), ("late", gettext_lazy("late"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[SubOrder]) -> QuerySet[SubOrder]:
        if self.value() == "late":
            return queryset.filter(is_late=True)
        if self.value() != "open":
            return queryset
        tasks = OrderTask.objects.open().filter(kind=OrderTask.Kind.DROPSHIP_FAILED)
        return queryset.filter(number__in=tasks.values("reference"))


@admin.register(SubOrder)
class SubOrderAdmin(OffersByState, ReadOnlyAdmin):
    """One row a part that somebody else ships."""

    list_display = ("number", "order", "warehouse", "chip", "created_at", "due_at", "attempts",
                    "next_at", "shipment")  # fmt: skip
    list_filter = ("state", TroubleFilter, "warehouse")
    list_select_related = ("order", "warehouse", "shipment")
    search_fields = ("=number", "=order__number", "=outside_no", "=shipment__tracking_no")
    ordering = ("-created_at", "-pk")
    inlines = (SubOrderLineInline, PartnerReportInline)
    actions_detail = ("send_again", "accepted", "parcel", "refused")
    offers = {
        State.PENDING: actions_detail,
        State.SENT: actions_detail,
        State.ACCEPTED: ("parcel", "refused"),
        State.REFUSED: ("send_again",),
        State.CANCELLED: ("send_again",),
    }
    state_field = "state"

    def has_steer_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return bool(request.user.has_perm("orders.change_suborder"))

    @display(description=gettext_lazy("state"), label=CHIPS)
    def chip(self, sub: SubOrder) -> str:
        return str(sub.get_state_display())

    @action(description=gettext_lazy("Send again"), permissions=["steer"], icon="send")
    def send_again(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Tell the partner once more, or ask one anew that has refused."""
        sub = get_object_or_404(SubOrder, pk=object_id)
        verb = partial(
            services.send_sub_order_again,
            number=sub.number,
            actor=actor_of(request),
            at=clock.now(),
        )
        return self._page(request, sub, forms.Form, lambda _typed: verb(), _("Send again"))

    @action(description=gettext_lazy("It is accepted"), permissions=["steer"], icon="thumb_up")
    def accepted(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The partner said so by other ways than its interface."""
        return self._told(request, object_id, State.ACCEPTED, forms.Form, _("Note"))

    @action(
        description=gettext_lazy("Note its parcel"), permissions=["steer"], icon="local_shipping"
    )
    def parcel(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """It has left: carrier and tracking number."""
        return self._told(request, object_id, State.SHIPPED, ParcelForm, _("Ship"))

    @action(description=gettext_lazy("It is refused"), permissions=["steer"], icon="thumb_down")
    def refused(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The partner does not send it: its goods are taken from elsewhere."""
        return self._told(request, object_id, State.REFUSED, CloseForm, _("Note"))

    def _told(
        self,
        request: HttpRequest,
        object_id: str,
        state: str,
        form_class: type[forms.Form],
        button: str,
    ) -> HttpResponse:
        """Note a partner's word that an operator heard."""
        sub = get_object_or_404(SubOrder, pk=object_id)

        def run(typed: Mapping[str, Any]) -> None:
            services.report_sub_order(
                number=sub.number,
                warehouse_id=sub.warehouse_id,
                report=_report(state, typed),
                actor=actor_of(request),
                at=clock.now(),
            )

        return self._page(request, sub, form_class, run, button)

    def _page(
        self,
        request: HttpRequest,
        sub: SubOrder,
        form_class: type[forms.Form],
        run: Any,
        button: str,
    ) -> HttpResponse:
        page = VerbPage(
            title=sub.number,
            form_class=form_class,
            run=run,
            done=_("Done: %(number)s.") % {"number": sub.number},
            back=reverse("admin:orders_suborder_change", args=[sub.pk]),
            button=button,
            facts=(
                (_("order"), sub.order.number),
                (_("warehouse"), sub.warehouse.title_zh),
                (_("state"), sub.get_state_display()),
            ),
        )
        return page.answer(request, self)


def _report(state: str, typed: Mapping[str, Any]) -> services.Report:
    carrier = typed.get("carrier")
    return services.Report(
        state=state,
        carrier=carrier.code if carrier is not None else "",
        tracking_no=typed.get("tracking_no", ""),
        reason=typed.get("reason", ""),
    )


@admin.register(PartnerReport)
class PartnerReportAdmin(ReadOnlyAdmin):
    """Every word of a partner as it came; refused ones are worth a look."""

    list_display = ("received_at", "warehouse", "number", "told", "reason")
    list_filter = ("outcome", "warehouse")
    list_select_related = ("warehouse", "sub_order")
    search_fields = ("=number",)
    ordering = ("-pk",)

    @display(
        description=gettext_lazy("outcome"),
        label={
            str(PartnerReport.Outcome.APPLIED.label): "success",
            str(PartnerReport.Outcome.REFUSED.label): "danger",
        },
    )
    def told(self, report: PartnerReport) -> str:
        return str(report.get_outcome_display())


class TrackingFileForm(forms.Form):
    """The partner's file with tracking numbers, and whether it is only tried."""

    file = forms.FileField(label=gettext_lazy("CSV file"), widget=UnfoldAdminFileFieldWidget())
    is_trial = forms.BooleanField(
        label=gettext_lazy("only try, send nothing"), required=False, initial=True
    )


@admin.register(ForwardRoute)
class ForwardRouteAdmin(MallAdmin):
    """One row a partner: how it is told, its key, its files."""

    list_display = ("warehouse", "adapter", "url", "key_id")
    list_filter = ("adapter",)
    list_select_related = ("warehouse",)
    search_fields = ("warehouse__code", "warehouse__title_zh")
    fields = ("warehouse", "adapter", "url", "key_id")
    readonly_fields = ("key_id",)
    actions_detail = ("take_file", "upload_file", "issue_key")

    def get_readonly_fields(self, request: HttpRequest, obj: ForwardRoute | None = None) -> Any:
        """A way belongs to its warehouse for good."""
        fixed = ("warehouse",) if obj else ()
        return (*super().get_readonly_fields(request, obj), *fixed)

    def has_delete_permission(self, request: HttpRequest, obj: ForwardRoute | None = None) -> bool:
        return False

    def has_file_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return bool(request.user.has_perm("orders.forward_suborder"))

    def has_key_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return bool(request.user.has_perm("orders.change_forwardroute"))

    def save_model(self, request: HttpRequest, obj: ForwardRoute, form: Any, change: bool) -> None:
        """Write through the verb, which leaves a trail."""
        services.save_route(route=obj, actor=actor_of(request), at=clock.now())

    @action(description=gettext_lazy("Take the file"), permissions=["file"], icon="download")
    def take_file(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Everything the partner still has to send, with addresses; the trail says who took it."""
        route = get_object_or_404(ForwardRoute, pk=object_id)
        if request.method != "POST":
            return self._page(request, route, forms.Form, lambda _typed: None, _("Take the file"))
        at = clock.now()
        rows = services.file_of_partner(warehouse=route.warehouse, actor=actor_of(request), at=at)
        name = f"{route.warehouse.code}-{at:%Y%m%d%H%M}.csv"
        return csv_response(name, FILE_HEADER, rows)

    @action(
        description=gettext_lazy("Upload tracking numbers"), permissions=["file"], icon="upload"
    )
    def upload_file(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The same file back: good parcels are sent, bad ones are named."""
        route = get_object_or_404(ForwardRoute, pk=object_id)

        def run(typed: Mapping[str, Any]) -> None:
            results = services.ship_by_file(
                content=typed["file"].read(services.MOST_BYTES + 1),
                warehouse=route.warehouse,
                actor=actor_of(request),
                at=clock.now(),
                is_trial=typed["is_trial"],
            )
            _name_bad(request, results)

        return self._page(request, route, TrackingFileForm, run, _("Upload"))

    @action(description=gettext_lazy("New key of its interface"), permissions=["key"], icon="key")
    def issue_key(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The secret is shown once, on the answer to this page."""
        route = get_object_or_404(ForwardRoute, pk=object_id)
        if request.method != "POST":
            return self._page(request, route, forms.Form, lambda _typed: None, _("Make a key"))
        key_id, secret = services.issue_route_key(
            route_id=route.pk, actor=actor_of(request), at=clock.now()
        )
        context = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "title": route.warehouse.title_zh,
            "key": {"key_id": key_id},
            "secret": secret,
            "back": reverse("admin:orders_forwardroute_change", args=[route.pk]),
        }
        return TemplateResponse(request, "admin/supplier_key.html", context)

    def _page(
        self,
        request: HttpRequest,
        route: ForwardRoute,
        form_class: type[forms.Form],
        run: Any,
        button: str | Promise,
    ) -> HttpResponse:
        page = VerbPage(
            title=route.warehouse.title_zh,
            form_class=form_class,
            run=run,
            done=_("The file has been read."),
            back=reverse("admin:orders_forwardroute_change", args=[route.pk]),
            button=button,
            facts=((_("told by"), route.get_adapter_display()),),
        )
        return page.answer(request, self)


def _name_bad(request: HttpRequest, results: list[RowResult]) -> None:
    """Say how many parcels are right, and why the others are not."""
    bad = [row for row in results if row.outcome == "bad"]
    messages.info(
        request,
        _("%(good)s of %(all)s parcels are right.")
        % {"good": len(results) - len(bad), "all": len(results)},
    )
    for row in bad[:MOST_NAMED]:
        rows = ", ".join(str(line) for line in row.lines)
        messages.warning(
            request,
            _("Row %(rows)s, %(number)s: %(why)s")
            % {"rows": rows, "number": row.order_number, "why": row.why},
        )


@admin.register(DropshipPolicy)
class DropshipPolicyAdmin(OneRowAdmin):
    """One row."""

    list_display = ("__str__", "tries", "answer_hours")
    fields = ("tries", "answer_hours")

    def save_model(
        self, request: HttpRequest, obj: DropshipPolicy, form: Any, change: bool
    ) -> None:
        """Write through the verb, which leaves a trail."""
        names = form.changed_data if change else list(form.cleaned_data)
        obj.pk = services.save_dropship_policy(
            changes={name: form.cleaned_data[name] for name in names},
            actor=actor_of(request),
            at=clock.now(),
        ).pk
