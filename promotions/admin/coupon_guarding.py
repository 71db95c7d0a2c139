"""Anti-abuse: the limits, who is shut out, and what was done from where (P-65)."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import action, display
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextInputWidget,
)

from mall.kernel import clock
from mall.kernel.admin import ReadOnlyAdmin, VerbPage, actor_of, whether
from mall.kernel.db import refuse_unsafe_text
from promotions import services
from promotions.admin.content import ContentAdmin
from promotions.models import BlockedOrigin, DeedRecord, DeedRule, Origin

RECORDS = "admin:promotions_deedrecord_changelist"
SHORT = 12


@admin.register(DeedRule)
class DeedRuleAdmin(ContentAdmin):
    """How often one device, network, doorstep or member may do what gives something away."""

    list_display = (
        "__str__", "deed", "origin", "counts", "most", "within_minutes", "first_order_only",
        "is_on",
    )  # fmt: skip
    list_filter = ("deed", "origin", "is_on")
    ordering = ("deed", "origin", "pk")


@admin.register(BlockedOrigin)
class BlockedOriginAdmin(ReadOnlyAdmin):
    """Who gets no offers; they are shut out from the list of deeds, and let in again here."""

    list_display = ("origin", "short_key", "reason", "until", "created_by")
    list_filter = ("origin",)
    list_select_related = ("created_by",)
    search_fields = ("=key", "reason")
    search_help_text = _("key or reason")
    ordering = ("-pk",)
    actions = ("let_in",)

    def has_let_in_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("promotions.delete_blockedorigin")

    @admin.display(description=_("key"))
    def short_key(self, row: BlockedOrigin) -> str:
        return shortened(row.key)

    @admin.action(description=_("Let in again"), permissions=["let_in"])
    def let_in(self, request: HttpRequest, rows: QuerySet[BlockedOrigin]) -> None:
        at = clock.now()
        for row in rows:
            services.unblock_origin(blocked_id=row.pk, actor=actor_of(request), at=at)
        self.message_user(request, _("They get offers again."))


class BlockForm(forms.Form):
    """Which of a deed's origins to shut out, why, and until when."""

    origin = forms.ChoiceField(
        label=pgettext_lazy("whence", "origin"), choices=Origin, widget=UnfoldAdminSelectWidget()
    )
    reason = forms.CharField(
        label=_("reason"),
        max_length=200,
        validators=[refuse_unsafe_text],
        widget=UnfoldAdminTextInputWidget(),
    )
    until = forms.SplitDateTimeField(
        label=pgettext_lazy("end", "until"),
        required=False,
        help_text=_("Empty: for good."),
        widget=UnfoldAdminSplitDateTimeWidget(),
    )


@admin.register(DeedRecord)
class DeedRecordAdmin(ReadOnlyAdmin):
    """Who took what from where; refused ones are marked. Search by a key to see all of one."""

    list_display = (
        "at", "member", "deed", "subject", "outcome", "short_device", "ip", "short_address",
    )  # fmt: skip
    list_filter = (
        "deed",
        whether(
            "refused",
            pgettext_lazy("filter", "answer"),
            there=pgettext_lazy("filter", "refused"),
            lacking=pgettext_lazy("filter", "let through"),
        ),
    )
    list_select_related = ("member",)
    search_fields = ("=device", "=ip", "=address", "=subject", "member__nickname")
    search_help_text = _("device, network address, shipping address (its key) or nickname")
    ordering = ("-pk",)
    actions_detail = ("block",)

    def has_block_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("promotions.add_blockedorigin")

    @display(description=_("outcome"), label={"": "success"})
    def outcome(self, record: DeedRecord) -> tuple[str, Any]:
        return record.refused, _("refused") if record.refused else _("done")

    @admin.display(description=_("device"))
    def short_device(self, record: DeedRecord) -> str:
        return shortened(record.device)

    @admin.display(description=_("shipping address"))
    def short_address(self, record: DeedRecord) -> str:
        return shortened(record.address)

    @action(description=_("Shut out"), permissions=["block"], icon="block")
    def block(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Give this device, network, doorstep or member no more offers."""
        record = get_object_or_404(DeedRecord.objects.select_related("member"), pk=object_id)
        page = VerbPage(
            title=_("Shut out"),
            form_class=BlockForm,
            run=partial(_block, request, record),
            done=_("No more offers for it."),
            back=reverse(RECORDS),
            button=_("Shut out"),
            facts=(
                (_("member"), record.member),
                (_("device"), shortened(record.device)),
                (pgettext_lazy("network", "address"), record.ip or "-"),
                (_("shipping address"), shortened(record.address)),
            ),
        )
        return page.answer(request, self)


def _block(request: HttpRequest, record: DeedRecord, typed: Any) -> None:
    keys = {
        Origin.DEVICE: record.device,
        Origin.IP: record.ip,
        Origin.ADDRESS: record.address,
        Origin.MEMBER: str(record.member_id),
    }
    services.block_origin(
        origin=typed["origin"],
        key=keys[Origin(typed["origin"])],
        reason=typed["reason"],
        until=typed["until"],
        actor=actor_of(request),
        at=clock.now(),
    )


def shortened(key: str) -> str:
    """Enough of a digest to tell two apart."""
    return f"{key[:SHORT]}…" if len(key) > SHORT else key or "-"
