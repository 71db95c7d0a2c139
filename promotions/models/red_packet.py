"""Red packets: a sum in random shares, first come first served. Source: requirement P-35, INV-23.

Money in a packet lies on ``red_packet:<code>`` of the book until it is taken or returned.
"""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel.db import FenField, LockableQuerySet
from mall.kernel.words import localized


class RedPacketFundQuerySet(LockableQuerySet):
    def open_at(self, at: object) -> Self:
        """Funds that packets are opened from at ``at``."""
        return self.filter(status=RedPacketFund.Status.LIVE, starts_at__lte=at, ends_at__gt=at)

    def with_left(self, amount_fen: int) -> Self:
        """Funds whose budget has so much left."""
        return self.filter(spent_fen__lte=F("budget_fen") - amount_fen)


class RedPacketFund(models.Model):
    """The shop's money for packets of one size. ``spent_fen`` never passes ``budget_fen``."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        LIVE = "live", _("live")
        PAUSED = "paused", _("paused")

    title_zh = models.CharField(_("title (Chinese)"), max_length=40)
    title_en = models.CharField(_("title (English)"), max_length=60)
    total_fen = FenField(_("in a packet"), default=1_000, min_fen=1, help_text=_("In yuan."))
    shares = models.PositiveSmallIntegerField(
        pgettext_lazy("red packet", "shares"), default=5, help_text=_("How many people share one.")
    )
    valid_hours = models.PositiveSmallIntegerField(
        _("hours valid"), default=24, help_text=_("What nobody took by then comes back.")
    )
    budget_fen = FenField(
        _("budget"), min_fen=1, help_text=_("In yuan; no packet is opened beyond it.")
    )
    spent_fen = FenField(_("spent"), default=0, editable=False)
    is_for_orders = models.BooleanField(
        _("a packet with every order"),
        default=False,
        help_text=_("Who has received the goods may share one."),
    )
    order_from_fen = FenField(
        _("for orders from"), default=0, help_text=_("What the order must have cost, in yuan.")
    )
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)

    objects = RedPacketFundQuerySet.as_manager()

    class Meta:
        verbose_name = _("red packet fund")
        verbose_name_plural = _("red packet funds")
        constraints = [
            models.CheckConstraint(
                condition=Q(spent_fen__gte=0, spent_fen__lte=F("budget_fen")),
                name="packet_fund_within_budget",
            ),
            models.CheckConstraint(
                condition=Q(shares__gt=0, total_fen__gte=F("shares"), valid_hours__gt=0),
                name="packet_fund_has_shares",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="packet_fund_window_in_order"
            ),
        ]

    def __str__(self) -> str:
        return localized(self, "title")


class RedPacketQuerySet(LockableQuerySet):
    def over_at(self, at: object) -> Self:
        """Packets whose time is up and whose rest was not returned yet."""
        return self.filter(closed_at=None, ends_at__lte=at)


class RedPacket(models.Model):
    """One packet. Whoever knows its code may take one share, while there is one."""

    code = models.CharField(_("code"), max_length=32, unique=True)
    fund = models.ForeignKey(
        RedPacketFund,
        models.PROTECT,
        null=True,
        related_name="packets",
        verbose_name=_("fund"),
        help_text=_("Empty: from the opener's wallet."),
    )
    opener = models.ForeignKey(
        "members.Member",
        models.PROTECT,
        null=True,
        related_name="red_packets",
        verbose_name=_("opener"),
    )
    order_number = models.CharField(_("order"), max_length=32, blank=True, default="")
    total_fen = FenField(_("amount"), min_fen=1)
    shares = models.PositiveSmallIntegerField(pgettext_lazy("red packet", "shares"))
    left_fen = FenField(_("money left"))
    left_shares = models.PositiveSmallIntegerField(_("shares left"))
    returned_fen = FenField(_("returned"), default=0)
    opened_at = models.DateTimeField(_("opened at"))
    ends_at = models.DateTimeField(_("ends at"))
    closed_at = models.DateTimeField(_("closed at"), null=True)

    objects = RedPacketQuerySet.as_manager()

    class Meta:
        verbose_name = _("red packet")
        verbose_name_plural = _("red packets")
        indexes = [
            models.Index(
                fields=["ends_at"], name="red_packet_due", condition=Q(closed_at__isnull=True)
            ),
            models.Index(fields=["opener", "-id"], name="red_packets_of_member"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["order_number"],
                condition=~Q(order_number=""),
                name="red_packet_once_per_order",
            ),
            models.CheckConstraint(
                condition=Q(left_fen__gte=F("left_shares"), left_fen__lte=F("total_fen")),
                name="red_packet_a_fen_for_each_share",
            ),
            models.CheckConstraint(
                condition=Q(left_shares__gt=0) | Q(left_fen=0), name="red_packet_ends_empty"
            ),
            models.CheckConstraint(
                condition=Q(fund__isnull=False) | Q(opener__isnull=False),
                name="red_packet_has_a_giver",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def ledger_code(self) -> str:
        """Where its money lies in the book."""
        return f"red_packet:{self.code}"


class RedPacketClaim(models.Model):
    """One member's share. Append-only."""

    packet = models.ForeignKey(
        RedPacket, models.PROTECT, related_name="claims", verbose_name=_("red packet")
    )
    member = models.ForeignKey(
        "members.Member", models.PROTECT, related_name="+", verbose_name=_("member")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    amount_fen = FenField(_("amount"), min_fen=1)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("share of a red packet")
        verbose_name_plural = _("shares of red packets")
        constraints = [
            models.UniqueConstraint(fields=["packet", "member"], name="red_packet_once_a_member"),
            models.UniqueConstraint(fields=["packet", "position"], name="red_packet_share_once"),
            models.CheckConstraint(
                condition=Q(amount_fen__gte=1), name="red_packet_share_of_a_fen"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.packet_id} {self.position}"
