"""The member's wallet: what is in it, how it came, a red packet out of it, being paid out."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from mall.kernel import clock
from mall.kernel.errors import ShopError
from mall.storefront.forms import PacketForm, WithdrawForm, refuse
from mall.storefront.once import new_token, once
from mall.storefront.paging import page_of
from mall.storefront.shopper import members_only, the_member
from mall.storefront.views.me import trail
from members import selectors, services
from members.presenting import wallet_dict, wallet_entry_dict, withdrawal_dict
from promotions.selectors import packets_of
from promotions.services import send_packet as send

LATEST = 5


@require_safe
@members_only
def wallet(request: HttpRequest) -> HttpResponse:
    """Balance, ledger, withdrawals, and the two forms that take money out."""
    return shown(request, WithdrawForm(), PacketForm())


@sensitive_post_parameters("code")
@require_POST
@members_only
def withdraw(request: HttpRequest) -> HttpResponse:
    """Ask to be paid out; the code works once, so a double click asks once."""
    form, member = WithdrawForm(request.POST), the_member(request)
    if form.is_valid():
        try:
            services.request_withdrawal(
                member=member,
                amount_fen=form.cleaned_data["amount_fen"],
                verify_code=form.cleaned_data["code"],
                at=clock.now(),
            )
        except ShopError as error:
            refuse(form, error)
        else:
            messages.success(request, _("We look at it, and then the money is on its way."))
            return redirect("storefront:wallet")
    return shown(request, form, PacketForm())


@require_POST
@members_only
def send_packet(request: HttpRequest) -> HttpResponse:
    """Put money into a red packet and go to its page, to share it."""
    form, member_id, at = PacketForm(request.POST), the_member(request).pk, clock.now()
    if form.is_valid():
        try:
            done = once(
                request,
                "packet_send",
                verb=lambda: send(member_id=member_id, **form.cleaned_data, at=at),
                keep=lambda packet: {"code": packet.code},
                at=at,
            )
        except ShopError as error:
            refuse(form, error)
        else:
            return redirect("storefront:packet", done["code"])
    return shown(request, WithdrawForm(), form)


def shown(request: HttpRequest, withdraw_form: Form, packet_form: Form) -> HttpResponse:
    """The page with the two forms as they stand. Queries: 5 of its own."""
    member = the_member(request)
    purse = selectors.wallet_of(member.pk)
    rows, page = page_of(request, selectors.wallet_entries(member.pk))
    context = {
        "wallet": {**wallet_dict(purse), "available_fen": purse.available_fen},
        "entries": [wallet_entry_dict(row) for row in rows],
        "withdrawals": [withdrawal_dict(r) for r in selectors.withdrawals(member.pk)[:LATEST]],
        "packets": packets_of(member.pk)[:LATEST],
        "form": withdraw_form,
        "packet_form": packet_form,
        "phone": member.account.phone or "",
        "token": new_token(),
        "page": page,
        "room": "wallet",
        "breadcrumb": trail(_("Wallet")),
    }
    return render(request, "members/wallet.html", context)
