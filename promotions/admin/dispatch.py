"""Sending coupons to segments: planned here, served in batches by the worker, reported here."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSplitDateTimeWidget,
)

from mall.kernel import clock
from mall.kernel.admin import ReadOnlyAdmin, VerbPage, actor_of
from members.models import Segment
from promotions import services
from promotions.admin.confirming import confirmed
from promotions.models import Coupon, CouponDispatch

LIST = "admin:promotions_coupondispatch_changelist"
COLOURS = {"scheduled": "info", "running": "warning", "done": "success", "stopped": "danger"}


class SegmentField(forms.ModelChoiceField):
    """Segments with how many they hold."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.title_zh} ({obj.size})"


class SendForm(forms.Form):
    """Which coupon, to whom, from when on."""

    coupon = forms.ModelChoiceField(
        Coupon.objects.filter(status=Coupon.Status.LIVE).order_by("-pk"),
        label=_("coupon"),
        widget=UnfoldAdminSelectWidget(),
    )
    segment = SegmentField(
        Segment.objects.order_by("title_zh"),
        label=_("segment"),
        widget=UnfoldAdminSelectWidget(),
    )
    scheduled_at = forms.SplitDateTimeField(
        label=_("scheduled at"),
        required=False,
        help_text=_("Empty: at once."),
        widget=UnfoldAdminSplitDateTimeWidget(),
    )
    control_percent = forms.IntegerField(
        label=_("held back, %"),
        required=False,
        min_value=0,
        max_value=50,
        help_text=_("So many of a hundred get none, so that the effect can be judged."),
        widget=UnfoldAdminIntegerFieldWidget(),
    )


@admin.register(CouponDispatch)
class CouponDispatchAdmin(ReadOnlyAdmin):
    """One row a sending; its figures grow while the worker serves it."""

    list_display = (
        "coupon",
        "segment",
        "state",
        "progress",
        "skipped",
        "held",
        "scheduled_at",
        "finished_at",
    )
    list_filter = ("status",)
    list_select_related = ("coupon", "segment")
    search_fields = ("coupon__code", "coupon__title_zh", "segment__title_zh")
    search_help_text = _("coupon or segment")
    ordering = ("-pk",)
    actions_list = ("send",)
    actions_detail = ("stop",)

    def has_dispatch_permission(self, request: HttpRequest) -> bool:
        """Who may plan a sending: no row is ever typed, so "add" itself is nobody's."""
        return request.user.has_perm("promotions.add_coupondispatch")

    def has_stop_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may stop one."""
        return request.user.has_perm("promotions.change_coupondispatch")

    @display(description=_("status"), label=COLOURS, ordering="status")
    def state(self, dispatch: CouponDispatch) -> tuple[str, str]:
        return dispatch.status, dispatch.get_status_display()

    @admin.display(description=_("issued"), ordering="issued")
    def progress(self, dispatch: CouponDispatch) -> str:
        return f"{dispatch.issued} / {dispatch.segment.size}"

    @action(
        description=_("Send a coupon"),
        permissions=["dispatch"],
        icon="send",
    )
    def send(self, request: HttpRequest) -> HttpResponse:
        """Plan a sending."""
        at = clock.now()
        chosen = request.GET.get("coupon", "")
        page = VerbPage(
            title=_("Send a coupon to a segment"),
            form_class=SendForm,
            run=lambda typed: services.start_dispatch(
                coupon=typed["coupon"],
                segment=typed["segment"],
                scheduled_at=typed["scheduled_at"] or at,
                control_bp=(typed["control_percent"] or 0) * 100,
                actor=actor_of(request),
                at=at,
            ),
            done=_("The worker will send it. Each member gets it once."),
            back=reverse(LIST),
            button=_("Send"),
            initial={"coupon": chosen if chosen.isascii() and chosen.isdigit() else None},
        )
        return page.answer(request, self)

    @action(
        description=_("Stop"),
        permissions=["stop"],
        icon="stop_circle",
    )
    def stop(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Serve nobody else."""
        rows = CouponDispatch.objects.select_related("coupon", "segment")
        dispatch = get_object_or_404(rows, pk=object_id)
        button: Promise = _("Stop")
        return confirmed(
            request,
            self,
            deed=partial(
                services.stop_dispatch,
                dispatch_id=dispatch.pk,
                actor=actor_of(request),
                at=clock.now(),
            ),
            words=(f"{dispatch.coupon} · {button}", button, _("Nobody else gets it.")),
            facts=(
                (_("segment"), dispatch.segment),
                (_("issued"), dispatch.issued),
                (_("status"), dispatch.get_status_display()),
            ),
            back=reverse(LIST),
        )
