"""Money out of the wallet to the member: asked for with a code, approved, paid by another operator.

From the request on the money is frozen: it can be neither spent nor withdrawn twice. The transfer
itself is made at the bank or at WeChat Pay; its number is written down here.
Source: requirement O-42.
"""

import secrets
from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from mall.kernel import audit, clock
from mall.kernel.db import atomic_retry
from mall.kernel.errors import InvalidInput, NotFound
from mall.kernel.notify import notify
from members.errors import (
    NotEnoughMoney,
    PhoneNeeded,
    SecondOperatorNeeded,
    WithdrawalOver,
    WithdrawalTooLarge,
    WithdrawalTooSmall,
)
from members.messages import WITHDRAWAL_PAID, WITHDRAWAL_REJECTED
from members.models import (
    Account,
    Member,
    Proof,
    SmsCode,
    Wallet,
    WalletEntry,
    WalletPolicy,
    Withdrawal,
)
from members.services.coding import match_code, use_code
from members.services.crediting import open_wallet, post
from members.services.verifying import spend_proof

State = Withdrawal.State


def request_withdrawal(
    *, member: Member, amount_fen: int, verify_code: str = "", at: datetime
) -> Withdrawal:
    """Ask for ``amount_fen`` to be paid out; a code, or a proof given before, says who asks.

    Both work once, and only for a withdrawal that is written down: a refused one costs no code.
    Checking a code commits by itself, so this runs in no other transaction. Locks: the wallet.
    Raises: PhoneNeeded, NeedVerification, CodeExpired, CodeWrong, TooManyTries,
    WithdrawalTooSmall, WithdrawalTooLarge, NotEnoughMoney.
    """
    phone = member.account.phone
    if not phone:
        raise PhoneNeeded
    _refuse_size(amount_fen)
    code_id = None
    if verify_code:
        code_id = match_code(phone=phone, purpose=SmsCode.Purpose.VERIFY, code=verify_code, at=at)
    return _freeze_for_proof(member, amount_fen, code_id, at)


@atomic_retry()
def _freeze_for_proof(
    member: Member, amount_fen: int, code_id: int | None, at: datetime
) -> Withdrawal:
    """Spend the code or the proof and freeze the money: both or neither. Locks: the wallet."""
    if code_id is None:
        spend_proof(account=member.account, deed=Proof.Deed.WITHDRAW, at=at)
    else:
        use_code(code_id, at=at)
    return freeze_for_withdrawal(member_id=member.pk, amount_fen=amount_fen, at=at)


@transaction.atomic
def freeze_for_withdrawal(*, member_id: int, amount_fen: int, at: datetime) -> Withdrawal:
    """Freeze the money and write the request down; whoever asks was verified before.

    Locks: the wallet. Raises: WithdrawalTooLarge, NotEnoughMoney. Queries: 5.
    """
    wallet = open_wallet(member_id)
    _refuse_more_than_a_day_allows(wallet, amount_fen, at)
    if wallet.available_fen < amount_fen:
        raise NotEnoughMoney(available_fen=wallet.available_fen)
    wallet.frozen_fen += amount_fen
    wallet.save(update_fields=["frozen_fen"])
    return Withdrawal.objects.create(
        number=f"W{clock.day_of(at):%Y%m%d}{secrets.token_hex(5).upper()}",
        wallet=wallet,
        amount_fen=amount_fen,
        requested_at=at,
    )


@transaction.atomic
def approve_withdrawal(*, withdrawal_id: int, actor: Account, at: datetime) -> Withdrawal:
    """Say that it may be paid. Locks: wallet, withdrawal. Raises: WithdrawalOver."""
    _wallet, row = _locked(withdrawal_id)
    if row.state != State.REQUESTED:
        raise WithdrawalOver
    row.state, row.approved_by, row.approved_at = State.APPROVED, actor, at
    row.save(update_fields=["state", "approved_by", "approved_at"])
    _note(row, "members.approve_withdrawal", State.REQUESTED, actor, at)
    return row


@transaction.atomic
def pay_withdrawal(
    *, withdrawal_id: int, payout_reference: str, actor: Account, at: datetime
) -> Withdrawal:
    """Write down that the money was sent; by somebody else than who approved it.

    Locks: wallet, withdrawal. Raises: WithdrawalOver, SecondOperatorNeeded, InvalidInput.
    """
    if not payout_reference.strip():
        raise InvalidInput(field="payout_reference", allowed="1-64")
    wallet, row = _locked(withdrawal_id)
    if row.state != State.APPROVED:
        raise WithdrawalOver
    if row.approved_by_id == actor.pk:
        raise SecondOperatorNeeded
    wallet.frozen_fen -= row.amount_fen
    post(wallet, -row.amount_fen, WalletEntry.Kind.WITHDRAWAL, row.number, at)
    row.payout_reference = payout_reference.strip()
    _end(row, State.PAID, actor, at)
    _note(row, "members.pay_withdrawal", State.APPROVED, actor, at)
    _tell(wallet, row, WITHDRAWAL_PAID, {"amount_fen": row.amount_fen}, at)
    return row


@transaction.atomic
def reject_withdrawal(
    *, withdrawal_id: int, reason: str, actor: Account, at: datetime
) -> Withdrawal:
    """Refuse it: the money is free again. Locks: wallet, withdrawal. Raises: WithdrawalOver."""
    wallet, row = _locked(withdrawal_id)
    if row.state not in Withdrawal.OPEN:
        raise WithdrawalOver
    before = row.state
    wallet.frozen_fen -= row.amount_fen
    wallet.save(update_fields=["frozen_fen"])
    row.reason = reason.strip()
    _end(row, State.REJECTED, actor, at)
    _note(row, "members.reject_withdrawal", before, actor, at)
    facts = {"amount_fen": row.amount_fen, "reason": row.reason}
    _tell(wallet, row, WITHDRAWAL_REJECTED, facts, at)
    return row


@transaction.atomic
def change_wallet_policy(*, changes: dict[str, int], actor: Account, at: datetime) -> WalletPolicy:
    """Change how money leaves wallets. Locks: the row. Raises: InvalidInput."""
    policy = WalletPolicy.objects.select_for_update().get(pk=1)
    before = {name: getattr(policy, name) for name in changes}
    for name, value in changes.items():
        setattr(policy, name, value)
    if policy.withdraw_min_fen > policy.withdraw_day_fen:
        raise InvalidInput(field="withdraw_min_fen", allowed="≤ withdraw_day_fen")
    policy.save(update_fields=list(changes))
    audit.record(
        actor=actor,
        verb="members.change_wallet_policy",
        target=policy,
        at=at,
        before=before,
        after=changes,
    )
    return policy


def _refuse_size(amount_fen: int) -> None:
    policy = WalletPolicy.objects.get(pk=1)
    if amount_fen < policy.withdraw_min_fen:
        raise WithdrawalTooSmall(min_fen=policy.withdraw_min_fen)
    if amount_fen > policy.withdraw_day_fen:
        raise WithdrawalTooLarge(left_fen=policy.withdraw_day_fen)


def _refuse_more_than_a_day_allows(wallet: Wallet, amount_fen: int, at: datetime) -> None:
    start, end = clock.bounds(clock.day_of(at))
    today = wallet.withdrawals.filter(requested_at__gte=start, requested_at__lt=end)
    asked = today.exclude(state=State.REJECTED).aggregate(total=Sum("amount_fen"))["total"] or 0
    left_fen = max(WalletPolicy.objects.get(pk=1).withdraw_day_fen - asked, 0)
    if amount_fen > left_fen:
        raise WithdrawalTooLarge(left_fen=left_fen)


def _locked(withdrawal_id: int) -> tuple[Wallet, Withdrawal]:
    known = Withdrawal.objects.filter(pk=withdrawal_id).first()
    if known is None:
        raise NotFound
    wallet = Wallet.objects.select_related("member").locked().get(pk=known.wallet_id)
    return wallet, Withdrawal.objects.locked().get(pk=withdrawal_id)


def _end(row: Withdrawal, state: State, actor: Account, at: datetime) -> None:
    row.state, row.ended_by, row.ended_at = state, actor, at
    row.save(update_fields=["state", "ended_by", "ended_at", "payout_reference", "reason"])


def _note(row: Withdrawal, verb: str, before: str, actor: Account, at: datetime) -> None:
    audit.record(
        actor=actor,
        verb=verb,
        target=row,
        at=at,
        before={"state": str(before)},
        after={"state": str(row.state), "amount_fen": row.amount_fen},
        reason=row.reason,
    )


def _tell(
    wallet: Wallet, row: Withdrawal, template: str, facts: dict[str, object], at: datetime
) -> None:
    notify(
        [wallet.member.account_id],
        template,
        facts,
        at=at,
        route=("storefront:wallet", ()),
        source=f"withdrawal:{row.number}",
    )
