"""Wallets and their books to look at; withdrawals approved by one operator, paid by another."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextInputWidget

from mall.kernel import clock
from mall.kernel.admin import MallAdmin, ReadOnlyAdmin, VerbPage
from mall.kernel.money import yuan
from members import services
from members.admin.acting import actor_of
from members.models import Wallet, WalletEntry, WalletPolicy, Withdrawal

STATE_COLOURS = {
    "requested": "warning",
    "approved": "info",
    "paid": "success",
    "rejected": "danger",
}


@admin.register(Wallet)
class WalletAdmin(ReadOnlyAdmin):
    """Who has what."""

    list_display = ("member", "balance_fen", "frozen_fen")
    list_select_related = ("member",)
    search_fields = ("member__nickname", "=member__account__phone")
    search_help_text = _("Nickname or whole phone number")
    ordering = ("-balance_fen", "-pk")


@admin.register(WalletEntry)
class WalletEntryAdmin(ReadOnlyAdmin):
    """Every fen that came or went, with its cause."""

    list_display = ("at", "member", "kind", "delta_fen", "balance_fen", "reference")
    list_filter = ("kind",)
    list_select_related = ("wallet__member",)
    search_fields = ("wallet__member__nickname", "=reference")
    date_hierarchy = "at"
    ordering = ("-pk",)

    @admin.display(description=_("member"))
    def member(self, entry: WalletEntry) -> str:
        return entry.wallet.member.nickname


@admin.register(WalletPolicy)
class WalletPolicyAdmin(MallAdmin):
    """One row: how small and how much may be withdrawn."""

    list_display = ("__str__", "withdraw_min_fen", "withdraw_day_fen")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: WalletPolicy | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: WalletPolicy, form: Any, change: bool) -> None:
        """Write through the verb, which leaves a trail."""
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        services.change_wallet_policy(changes=changes, actor=actor_of(request), at=clock.now())


class PayForm(forms.Form):
    """The number that the bank or WeChat Pay gave the transfer."""

    payout_reference = forms.CharField(
        label=_("transfer number"), max_length=64, widget=UnfoldAdminTextInputWidget()
    )


class RejectForm(forms.Form):
    """What the member is told."""

    reason = forms.CharField(label=_("reason"), max_length=200, widget=UnfoldAdminTextInputWidget())


@admin.register(Withdrawal)
class WithdrawalAdmin(ReadOnlyAdmin):
    """The queue of those who want to be paid out."""

    list_display = ("number", "member", "amount_fen", "stage", "requested_at", "approved_by")
    list_filter = ("state",)
    list_select_related = ("wallet__member", "approved_by")
    search_fields = ("=number", "wallet__member__nickname", "=payout_reference")
    search_help_text = _("number, nickname or transfer number")
    date_hierarchy = "requested_at"
    ordering = ("-pk",)
    actions_detail = ("approve", "pay", "reject")

    def has_approve_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may say yes or no."""
        return request.user.has_perm("members.approve_withdrawal")

    def has_pay_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may send the money."""
        return request.user.has_perm("members.pay_withdrawal")

    @admin.display(description=_("member"))
    def member(self, row: Withdrawal) -> str:
        return row.wallet.member.nickname

    @display(description=_("state"), label=STATE_COLOURS, ordering="state")
    def stage(self, row: Withdrawal) -> tuple[str, str]:
        return row.state, row.get_state_display()

    @action(description=_("Approve"), permissions=["approve"], icon="check")
    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The first of two people."""
        return self._page(request, object_id, services.approve_withdrawal, forms.Form, _("Approve"))

    @action(description=_("Pay out"), permissions=["pay"], icon="payments")
    def pay(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The second one, once the transfer is made."""
        return self._page(request, object_id, services.pay_withdrawal, PayForm, _("Pay out"))

    @action(description=_("Reject"), permissions=["approve"], icon="block")
    def reject(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The money is free again, and the member is told why."""
        return self._page(request, object_id, services.reject_withdrawal, RejectForm, _("Reject"))

    def _page(
        self,
        request: HttpRequest,
        object_id: str,
        verb: Any,
        form_class: type[forms.Form],
        button: Any,
    ) -> HttpResponse:
        rows = Withdrawal.objects.select_related("wallet__member")
        row = get_object_or_404(rows, pk=object_id)
        deed = partial(verb, withdrawal_id=row.pk, actor=actor_of(request), at=clock.now())
        page = VerbPage(
            title=f"{row.number} · {button}",
            form_class=form_class,
            run=lambda typed: deed(**typed),
            done=_("Done."),
            back=reverse("admin:members_withdrawal_change", args=[row.pk]),
            button=button,
            facts=(
                (_("member"), row.wallet.member.nickname),
                (_("amount"), f"¥{yuan(row.amount_fen)}"),
                (_("wallet"), f"¥{yuan(row.wallet.balance_fen)}"),
                (_("state"), row.get_state_display()),
            ),
        )
        return page.answer(request, self)
