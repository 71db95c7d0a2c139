"""Codes for coupons: ordered in batches, drawn by the worker, taken away as a file, stopped."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import action, display
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextInputWidget,
)

from mall.kernel import clock
from mall.kernel.admin import ReadOnlyAdmin, VerbPage, actor_of, csv_response
from mall.kernel.db import refuse_unsafe_text
from promotions import services
from promotions.admin.confirming import confirmed
from promotions.models import CodeBatch, Coupon
from promotions.selectors import channels_of_batch

LIST = "admin:promotions_codebatch_changelist"


class OrderForm(forms.Form):
    """Which coupon, how many codes, and for whom."""

    coupon = forms.ModelChoiceField(
        Coupon.objects.order_by("-pk"), label=_("coupon"), widget=UnfoldAdminSelectWidget()
    )
    title = forms.CharField(
        label=_("title"),
        max_length=60,
        help_text=_("For whom they are: a partner, a group, a fair."),
        validators=[refuse_unsafe_text],
        widget=UnfoldAdminTextInputWidget(),
    )
    shape = forms.ChoiceField(
        label=_("kind"), choices=CodeBatch.Shape, widget=UnfoldAdminSelectWidget()
    )
    pieces = forms.IntegerField(
        label=pgettext_lazy("coupon", "pieces"),
        min_value=1,
        max_value=1_000_000,
        help_text=_("Codes; of a shared code: how often it works."),
        widget=UnfoldAdminIntegerFieldWidget(),
    )
    word = forms.CharField(
        label=pgettext_lazy("shared code", "word"),
        required=False,
        max_length=32,
        help_text=_("Of a shared code; empty: one is drawn."),
        validators=[refuse_unsafe_text],
        widget=UnfoldAdminTextInputWidget(),
    )
    starts_at = forms.SplitDateTimeField(
        label=_("starts at"), widget=UnfoldAdminSplitDateTimeWidget()
    )
    ends_at = forms.SplitDateTimeField(label=_("ends at"), widget=UnfoldAdminSplitDateTimeWidget())


@admin.register(CodeBatch)
class CodeBatchAdmin(ReadOnlyAdmin):
    """One row a batch: how many codes there are, and how many were redeemed."""

    list_display = (
        "title",
        "coupon",
        "shape",
        "progress",
        "redeemed",
        "starts_at",
        "ends_at",
        "state",
    )
    list_filter = ("shape", "is_stopped")
    list_select_related = ("coupon",)
    search_fields = ("title", "coupon__code", "coupon__title_zh", "=codes__code")
    search_help_text = _("title, coupon or one of the codes")
    ordering = ("-pk",)
    fields = (
        "coupon", "title", "shape", "shared_code", "progress", "redeemed", "by_channel",
        "starts_at", "ends_at", "created_by", "created_at",
    )  # fmt: skip
    actions_list = ("order",)
    actions_detail = ("export", "stop")

    def get_queryset(self, request: HttpRequest) -> QuerySet[CodeBatch]:
        return super().get_queryset(request).annotate(uses=Coalesce(Sum("codes__uses"), 0))

    def has_order_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("promotions.add_codebatch")

    def has_export_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("promotions.export_codebatch")

    def has_stop_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("promotions.change_codebatch")

    @admin.display(description=_("codes made"), ordering="made")
    def progress(self, batch: CodeBatch) -> str:
        return f"{batch.made} / {batch.pieces}"

    @admin.display(description=_("redeemed"), ordering="uses")
    def redeemed(self, batch: Any) -> int:
        return int(batch.uses)

    @display(description=_("status"), label={True: "danger", False: "success"})
    def state(self, batch: CodeBatch) -> tuple[bool, Promise]:
        return batch.is_stopped, _("stopped") if batch.is_stopped else _("valid")

    @admin.display(description=_("code"))
    def shared_code(self, batch: CodeBatch) -> str:
        """The one code of a shared batch; single ones are in the file."""
        if batch.shape != CodeBatch.Shape.SHARED:
            return "-"
        return batch.codes.values_list("code", flat=True).first() or "-"

    @admin.display(description=_("redeemed by channel"))
    def by_channel(self, batch: CodeBatch) -> str:
        found = channels_of_batch(batch.pk)
        return " · ".join(f"{channel or '-'}: {count}" for channel, count in found) or "-"

    @action(description=_("Order codes"), permissions=["order"], icon="password")
    def order(self, request: HttpRequest) -> HttpResponse:
        """Order a batch."""
        chosen = request.GET.get("coupon", "")
        page = VerbPage(
            title=_("Order codes for a coupon"),
            form_class=OrderForm,
            run=partial(_order, request),
            done=_("The worker draws them; the list shows how far it is."),
            back=reverse(LIST),
            button=_("Order"),
            initial={"coupon": chosen if chosen.isascii() and chosen.isdigit() else None},
        )
        return page.answer(request, self)

    @action(description=_("Download the codes"), permissions=["export"], icon="download")
    def export(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The codes as a file for a spreadsheet."""
        batch = get_object_or_404(CodeBatch, pk=object_id)
        rows = services.export_codes(batch_id=batch.pk, actor=actor_of(request), at=clock.now())
        return csv_response(f"codes-{batch.pk}.csv", (_("code"), _("redeemed")), rows)

    @action(description=_("Stop"), permissions=["stop"], icon="stop_circle")
    def stop(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Let none of the codes work any more."""
        batch = get_object_or_404(CodeBatch, pk=object_id)
        button: Promise = _("Stop")
        return confirmed(
            request,
            self,
            deed=partial(
                services.stop_codes, batch_id=batch.pk, actor=actor_of(request), at=clock.now()
            ),
            words=(f"{batch.title} · {button}", button, _("No code of it works any more.")),
            facts=((_("coupon"), batch.coupon), (_("codes made"), batch.made)),
            back=reverse(LIST),
        )


def _order(request: HttpRequest, typed: Any) -> CodeBatch:
    values = {name: typed[name] for name in ("coupon", "title", "shape", "pieces")}
    batch = CodeBatch(**values, starts_at=typed["starts_at"], ends_at=typed["ends_at"])
    return services.order_codes(
        batch=batch, word=typed["word"], actor=actor_of(request), at=clock.now()
    )
