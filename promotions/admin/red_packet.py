"""Red packets of the shop: funds with a budget, packets opened from them, shares to look at."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import action, display

from mall.kernel import clock
from mall.kernel.admin import MallAdmin, ReadOnlyAdmin, ReadOnlyInline, actor_of, whether
from mall.kernel.money import yuan
from promotions import services
from promotions.admin.confirming import confirmed
from promotions.models import RedPacket, RedPacketClaim, RedPacketFund
from promotions.services import PacketFundValues

NAMES = tuple(PacketFundValues.__dataclass_fields__)
COLOURS = {"draft": "info", "live": "success", "paused": "warning"}


class FundForm(forms.ModelForm):
    """What a packet of the fund is, and how much the shop gives in all."""

    class Meta:
        model = RedPacketFund
        fields = NAMES


@admin.register(RedPacketFund)
class RedPacketFundAdmin(MallAdmin):
    """Written, published, then packets are opened by hand or by paid orders."""

    form = FundForm
    list_display = (
        "title_zh",
        "total_fen",
        "shares",
        "is_for_orders",
        "spending",
        "starts_at",
        "ends_at",
        "stage",
    )
    list_filter = ("status", "is_for_orders")
    search_fields = ("title_zh", "title_en")
    ordering = ("-pk",)
    actions_detail = ("publish", "pause", "open_packet")
    fieldsets = (
        (None, {"fields": (("title_zh", "title_en"), ("total_fen", "shares"), "valid_hours")}),
        (_("Budget"), {"fields": ("budget_fen", "starts_at", "ends_at")}),
        (_("Sharing after receipt"), {"fields": ("is_for_orders", "order_from_fen")}),
    )

    def has_delete_permission(self, request: HttpRequest, obj: RedPacketFund | None = None) -> bool:
        return False

    def has_open_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may give money away."""
        return request.user.has_perm("promotions.change_redpacketfund")

    @admin.display(description=_("spent"), ordering="spent_fen")
    def spending(self, fund: RedPacketFund) -> str:
        return f"{yuan(fund.spent_fen)} / {yuan(fund.budget_fen)}"

    @display(description=_("status"), label=COLOURS, ordering="status")
    def stage(self, fund: RedPacketFund) -> tuple[str, str]:
        return fund.status, fund.get_status_display()

    def save_model(self, request: HttpRequest, obj: RedPacketFund, form: Any, change: bool) -> None:
        """Write through the verb, which checks and leaves a trail."""
        saved = services.save_packet_fund(
            values=PacketFundValues(**{name: form.cleaned_data[name] for name in NAMES}),
            fund_id=obj.pk,
            actor=actor_of(request),
            at=clock.now(),
        )
        obj.pk = saved.pk

    @action(description=_("Publish"), permissions=["open"], icon="play_arrow")
    def publish(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Look once more, then packets may be opened."""
        return self._ask(request, object_id, services.publish_packet_fund, _("Publish"))

    @action(description=_("Pause"), permissions=["open"], icon="pause")
    def pause(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Open no more."""
        return self._ask(request, object_id, services.pause_packet_fund, _("Pause"))

    @action(
        description=_("Open a packet"), permissions=["open"], icon="featured_seasonal_and_gifts"
    )
    def open_packet(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """One packet by hand; its link is on the list of packets."""
        return self._ask(request, object_id, services.open_packet, _("Open a packet"))

    def _ask(self, request: HttpRequest, object_id: str, verb: Any, button: Any) -> HttpResponse:
        fund = get_object_or_404(RedPacketFund, pk=object_id)
        return confirmed(
            request,
            self,
            deed=partial(verb, fund_id=fund.pk, actor=actor_of(request), at=clock.now()),
            words=(f"{fund.title_zh} · {button}", button, _("Done.")),
            facts=(
                (_("in a packet"), f"¥{yuan(fund.total_fen)}"),
                (pgettext_lazy("red packet", "shares"), fund.shares),
                (_("spent"), self.spending(fund)),
                (_("status"), fund.get_status_display()),
            ),
            back=reverse("admin:promotions_redpacketfund_change", args=[fund.pk]),
        )


class ClaimInline(ReadOnlyInline):
    """Who had which share."""

    model = RedPacketClaim
    fields = ("position", "member", "amount_fen", "at")
    ordering = ("position",)


@admin.register(RedPacket)
class RedPacketAdmin(ReadOnlyAdmin):
    """Every packet with what became of it."""

    inlines = (ClaimInline,)
    list_display = (
        "code",
        "fund",
        "opener",
        "order_number",
        "total_fen",
        "left_fen",
        "returned_fen",
        "opened_at",
        "ends_at",
    )
    list_filter = (
        whether(
            "closed_at",
            pgettext_lazy("filter", "red packet"),
            there=pgettext_lazy("filter", "over"),
            lacking=pgettext_lazy("filter", "still open"),
        ),
        ("fund", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("fund", "opener")
    search_fields = ("=code", "=order_number", "opener__nickname")
    search_help_text = _("code, order number or nickname")
    date_hierarchy = "opened_at"
    ordering = ("-pk",)
