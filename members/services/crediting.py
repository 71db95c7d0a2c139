"""The wallet: money into it and out of it, each cause once, beside the book of money (INV-27).

The wallet row is locked before it is read; entries are never changed. A wallet is a debt of the
shop: what a member gets is plus in the entries and minus on ``wallet:<member>`` in the book.
Source: requirement O-42.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from mall.kernel import ledger
from mall.kernel.notify import notify
from members.errors import NotEnoughMoney
from members.messages import MONEY_ARRIVED
from members.models import Wallet, WalletEntry

Kind = WalletEntry.Kind

MARKETING, SALES, PAYOUTS = "marketing", "sales", "payouts"
SERVICE = "service"
OTHER_SIDE: Mapping[str, str] = {
    Kind.RED_PACKET: MARKETING,
    Kind.GROUP_REWARD: MARKETING,
    Kind.REWARD_BACK: MARKETING,
    Kind.PRIZE: MARKETING,
    Kind.CASH_BACK: MARKETING,
    Kind.COMMISSION: MARKETING,
    Kind.REFUND: SALES,
    Kind.PAYMENT: SALES,
    Kind.WITHDRAWAL: PAYOUTS,
    Kind.COMPENSATION: SERVICE,
    Kind.RETURN_FREIGHT: SERVICE,
}
"""Where money of a kind comes from or goes to, unless the caller names another account."""


@transaction.atomic
def credit_wallet(
    *,
    member_id: int,
    amount_fen: int,
    kind: str,
    reference: str,
    at: datetime,
    other_side: str = "",
) -> WalletEntry:
    """Give a member money for a cause, once; a repetition gives the entry of the first time.

    ``other_side`` is the account of the book it comes from, when it is not the kind's own.
    Locks: the wallet. Queries: 10, 12 the first time, 2 for a repetition.
    """
    wallet = open_wallet(member_id)
    known = entry_of(wallet, kind, reference)
    if known is not None:
        return known
    entry = post(wallet, _positive(amount_fen), kind, reference, at, other_side)
    notify(
        [wallet.member.account_id],
        MONEY_ARRIVED,
        {"amount_fen": amount_fen, "balance_fen": wallet.balance_fen},
        at=at,
        route=("storefront:wallet", ()),
        source=f"wallet:{entry.pk}",
    )
    return entry


@transaction.atomic
def debit_wallet(
    *,
    member_id: int,
    amount_fen: int,
    kind: str,
    reference: str,
    at: datetime,
    other_side: str = "",
) -> WalletEntry:
    """Take money of a member's for a cause, once; what is frozen is not touched.

    Locks: the wallet. Raises: NotEnoughMoney. Queries: 9, 2 for a repetition.
    """
    wallet = open_wallet(member_id)
    known = entry_of(wallet, kind, reference)
    if known is not None:
        return known
    if wallet.available_fen < _positive(amount_fen):
        raise NotEnoughMoney(available_fen=wallet.available_fen)
    return post(wallet, -amount_fen, kind, reference, at, other_side)


@transaction.atomic
def recall_reward(*, kind: str, reference: str, at: datetime) -> int:
    """Take back what was credited for a cause that fell away, as far as the wallet has it; returns
    the fen. Once a cause; what is spent or frozen already stays lost.

    Locks: the wallet. Queries: 1 when nothing was credited, else 10.
    """
    given = WalletEntry.objects.select_related("wallet").filter(kind=kind, reference=reference)
    entry = given.first()
    if entry is None:
        return 0
    wallet = open_wallet(entry.wallet.member_id)
    back_fen = min(entry.delta_fen, wallet.available_fen)
    if back_fen <= 0 or entry_of(wallet, Kind.REWARD_BACK, reference) is not None:
        return 0
    post(wallet, -back_fen, Kind.REWARD_BACK, reference, at)
    return back_fen


def open_wallet(member_id: int) -> Wallet:
    """The member's wallet, locked; a first one is made. Queries: 1, or 3."""
    wallet = Wallet.objects.select_related("member").locked().filter(member_id=member_id).first()
    if wallet is not None:
        return wallet
    Wallet.objects.bulk_create([Wallet(member_id=member_id)], ignore_conflicts=True)
    return Wallet.objects.select_related("member").locked().get(member_id=member_id)


def entry_of(wallet: Wallet, kind: str, reference: str) -> WalletEntry | None:
    """What was booked for this cause before. Raises: ValueError when it went to somebody else."""
    known = WalletEntry.objects.filter(kind=kind, reference=reference).first()
    if known is not None and known.wallet_id != wallet.pk:
        raise ValueError(f"{kind} {reference} belongs to another wallet")
    return known


def post(
    wallet: Wallet, delta_fen: int, kind: str, reference: str, at: datetime, other_side: str = ""
) -> WalletEntry:
    """Book a change of a locked wallet in its entries and in the book of money. Queries: 6."""
    wallet.balance_fen += delta_fen
    wallet.save(update_fields=["balance_fen", "frozen_fen"])
    ledger.post(
        kind=f"wallet_{kind}",
        reference=reference,
        amounts_fen={
            other_side or OTHER_SIDE[kind]: delta_fen,
            wallet.ledger_code: -delta_fen,
        },
        at=at,
    )
    return WalletEntry.objects.create(
        wallet=wallet,
        kind=kind,
        reference=reference,
        delta_fen=delta_fen,
        balance_fen=wallet.balance_fen,
        at=at,
    )


def _positive(amount_fen: int) -> int:
    if amount_fen <= 0:
        raise ValueError("a wallet moves whole fen; the verb says which way they go")
    return amount_fen
