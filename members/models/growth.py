"""Tiers, the growth that reaches them, and the rules of both. Source: requirements M-07 to M-10."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import BpField, FenField, SafeJSONField
from mall.kernel.money import yuan
from mall.kernel.words import localized


def check_in_week() -> list[int]:
    """What seven days in a row bring when the operator has not said otherwise."""
    return [5, 5, 5, 10, 10, 10, 30]


class Tier(models.Model):
    """A member level with threshold and benefits; four come with the shop (普通 白银 黄金 钻石)."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    rank = models.PositiveSmallIntegerField(_("rank"), unique=True)
    title_zh = models.CharField(_("title (Chinese)"), max_length=20)
    title_en = models.CharField(_("title (English)"), max_length=30)
    threshold_fen = FenField(
        _("threshold"), unique=True, help_text=_("Growth from which on a member has this tier.")
    )
    rate_bp = BpField(
        _("price rate"),
        default=10_000,
        help_text=_("What members of this tier pay of the price: 95 is 5 off a hundred."),
    )
    free_freight_fen = FenField(
        _("free freight from"),
        null=True,
        blank=True,
        help_text=_("Goods value from which freight is free."),
    )
    points_rate_bp = BpField(
        _("points rate"),
        default=10_000,
        help_text=_("Points for what they buy: 150 is half as many again."),
    )
    perks = SafeJSONField(
        _("perks"),
        default=list,
        blank=True,
        help_text=_('A list of {"icon": .., "zh": .., "en": ..}.'),
    )
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        verbose_name = _("tier")
        verbose_name_plural = _("tiers")
        ordering = ["rank"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(rate_bp__range=(1, 10_000)), name="tier_rate_in_range"
            ),
        ]

    def __str__(self) -> str:
        return localized(self, "title")


class GrowthEntry(models.Model):
    """One change of growth. Append-only; the sum inside the window is Member.growth_fen."""

    class Kind(models.TextChoices):
        ORDER = "order", _("order received")
        REFUND = "refund", _("refund")
        CHECK_IN = "check_in", _("check-in")
        REVIEW = "review", _("review")
        MANUAL = "manual", _("by an operator")
        EXPIRY = "expiry", _("left the window")

    member = models.ForeignKey(
        "members.Member", models.PROTECT, related_name="growth_entries", verbose_name=_("member")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    delta_fen = FenField(_("change"), min_fen=None)
    balance_fen = FenField(_("balance"))
    source_type = models.CharField(_("source"), max_length=30)
    source_id = models.CharField(_("source id"), max_length=64)
    at = models.DateTimeField(_("at"))
    counts_from = models.DateTimeField(
        _("counts from"),
        help_text=_("When its stay in the window begins; a refund shares its order's."),
    )
    origin = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="refunds", verbose_name=_("refund of")
    )

    class Meta:
        verbose_name = _("growth entry")
        verbose_name_plural = _("growth entries")
        indexes = [
            models.Index(fields=["member", "-at", "-id"], name="growth_of_member"),
            models.Index(fields=["counts_from"], name="growth_by_window"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "source_type", "source_id", "kind"], name="growth_once_per_source"
            ),
            models.CheckConstraint(
                condition=models.Q(balance_fen__gte=0), name="growth_balance_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ¥{yuan(self.delta_fen)}"

    @property
    def order_number(self) -> str | None:
        """The order it belongs to, when it belongs to one."""
        return self.source_id.partition("#")[0] if self.source_type == "order" else None


class LoyaltyPolicy(models.Model):
    """The shop's own numbers of growth and points: one row."""

    growth_window_days = models.PositiveSmallIntegerField(
        _("growth window"), default=365, help_text=_("Days for which growth counts towards a tier.")
    )
    points_last_days = models.PositiveSmallIntegerField(
        _("points last"), default=365, help_text=_("Days after which unspent points are gone.")
    )
    check_in_points = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("check-in points"),
        default=check_in_week,
        help_text=_("Points of the first, second .. day in a row; then it begins again."),
    )

    class Meta:
        verbose_name = _("loyalty policy")
        verbose_name_plural = _("loyalty policy")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="loyalty_policy_one_row"),
            models.CheckConstraint(
                condition=models.Q(growth_window_days__gt=0, points_last_days__gt=0),
                name="loyalty_policy_in_range",
            ),
        ]

    def __str__(self) -> str:
        return str(_("loyalty policy"))
