"""Wallet: money the shop owes a member, as points are owed. Source: requirement O-42, INV-27.

``balance_fen`` is the sum of the entries and of the member's account in the book of money; what
waits to be withdrawn is a part of it, frozen.
"""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import FenField, LockableQuerySet
from mall.kernel.money import yuan


class Wallet(models.Model):
    """What a member has. It comes to be with the first fen."""

    member = models.OneToOneField(
        "members.Member", models.PROTECT, related_name="wallet", verbose_name=_("member")
    )
    balance_fen = FenField(_("balance"), default=0, help_text=_("All of it, in yuan."))
    frozen_fen = FenField(
        _("frozen"), default=0, help_text=_("The part that waits to be withdrawn, in yuan.")
    )

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("wallet")
        verbose_name_plural = _("wallets")
        constraints = [
            models.CheckConstraint(
                condition=Q(frozen_fen__gte=0, frozen_fen__lte=F("balance_fen")),
                name="wallet_frozen_is_part_of_balance",
            ),
        ]

    def __str__(self) -> str:
        return str(self.balance_fen)

    @property
    def available_fen(self) -> int:
        """What may be spent or withdrawn."""
        return self.balance_fen - self.frozen_fen

    @property
    def ledger_code(self) -> str:
        """The member's account in the book of money; a debt of the shop, so its sum is minus."""
        return f"wallet:{self.member_id}"


class WalletEntry(models.Model):
    """One change of a wallet. Append-only, once per kind and reference."""

    class Kind(models.TextChoices):
        RED_PACKET = "red_packet", _("red packet")
        GROUP_REWARD = "group_reward", _("reward for opening a group")
        REWARD_BACK = "reward_back", _("reward taken back: the order was cancelled")
        PRIZE = "prize", _("prize of a draw")
        CASH_BACK = "cash_back", _("cash-back")
        COMMISSION = "commission", _("commission")
        REFUND = "refund", _("refund of an order")
        PACKET_RETURN = "packet_return", _("rest of a red packet")
        PACKET_SENT = "packet_sent", _("red packet sent")
        PAYMENT = "payment", _("payment of an order")
        WITHDRAWAL = "withdrawal", _("withdrawal")
        COMPENSATION = "compensation", _("compensation by the shop")
        RETURN_FREIGHT = "return_freight", _("freight of a return")

    wallet = models.ForeignKey(
        Wallet, models.PROTECT, related_name="entries", verbose_name=_("wallet")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    reference = models.CharField(
        _("reference"), max_length=64, help_text=_("What it came from: an order, a packet, a draw.")
    )
    delta_fen = FenField(_("change"), min_fen=None)
    balance_fen = FenField(_("balance after"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("wallet entry")
        verbose_name_plural = _("wallet entries")
        indexes = [models.Index(fields=["wallet", "-at", "-id"], name="entries_of_wallet")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "reference"], name="wallet_once_per_cause"),
            models.CheckConstraint(condition=~Q(delta_fen=0), name="wallet_entry_not_zero"),
            models.CheckConstraint(
                condition=Q(balance_fen__gte=0), name="wallet_balance_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ¥{yuan(self.delta_fen)}"


class WalletPolicy(models.Model):
    """How money leaves wallets; one row."""

    withdraw_min_fen = FenField(
        _("smallest withdrawal"), default=100, min_fen=1, help_text=_("In yuan.")
    )
    withdraw_day_fen = FenField(
        _("withdrawals of a member in a day"),
        default=200_000,
        help_text=_("In yuan, at most; rejected ones do not count."),
    )

    class Meta:
        verbose_name = _("wallet policy")
        verbose_name_plural = _("wallet policy")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="wallet_policy_is_one_row"),
        ]

    def __str__(self) -> str:
        return str(_("Withdrawals"))


class WithdrawalQuerySet(LockableQuerySet):
    """Withdrawals by where they stand."""

    def open(self) -> Self:
        """Those whose money is frozen."""
        return self.filter(state__in=Withdrawal.OPEN)


class Withdrawal(models.Model):
    """A member's wish to be paid out: one operator approves it, another one pays it."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("requested")
        APPROVED = "approved", _("approved")
        PAID = "paid", _("paid out")
        REJECTED = "rejected", _("rejected")

    OPEN = (State.REQUESTED, State.APPROVED)

    number = models.CharField(_("number"), max_length=32, unique=True)
    wallet = models.ForeignKey(
        Wallet, models.PROTECT, related_name="withdrawals", verbose_name=_("wallet")
    )
    amount_fen = FenField(_("amount"), min_fen=1)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.REQUESTED)
    requested_at = models.DateTimeField(_("requested at"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved at"), null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("paid or rejected by"),
    )
    ended_at = models.DateTimeField(_("ended at"), null=True)
    payout_reference = models.CharField(
        _("transfer number"),
        max_length=64,
        blank=True,
        default="",
        help_text=_("The number of the transfer at the bank or at WeChat Pay."),
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="")

    objects = WithdrawalQuerySet.as_manager()

    class Meta:
        verbose_name = _("withdrawal")
        verbose_name_plural = _("withdrawals")
        permissions = [
            ("approve_withdrawal", _("May approve and reject withdrawals")),
            ("pay_withdrawal", _("May pay out withdrawals")),
        ]
        indexes = [models.Index(fields=["wallet", "-id"], name="withdrawals_of_wallet")]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="withdrawal_of_something"),
            models.CheckConstraint(
                condition=~Q(state="paid") | ~Q(approved_by=F("ended_by")),
                name="withdrawal_paid_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.number
