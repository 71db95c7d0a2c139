"""Coupons for sharing: a rule, a member's link, and one credit for each pair. Source: P-10."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import LockableQuerySet
from promotions.models.coupon import Coupon


class ShareRuleQuerySet(LockableQuerySet):
    def open_at(self, at: object) -> "ShareRuleQuerySet":
        """Rules that credit visits at ``at``."""
        return self.filter(is_on=True, starts_at__lte=at, ends_at__gt=at)


class ShareRule(models.Model):
    """What a share is worth: a coupon for who shared, one for who came, or both."""

    title_zh = models.CharField(_("title (Chinese)"), max_length=40)
    title_en = models.CharField(_("title (English)"), max_length=60)
    sharer_coupon = models.ForeignKey(
        Coupon,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("coupon of the sharer"),
    )
    visitor_coupon = models.ForeignKey(
        Coupon,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("coupon of the visitor"),
    )
    daily_most = models.PositiveSmallIntegerField(
        _("visits credited a day"), default=10, help_text=_("To one sharer, by business day.")
    )
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    is_on = models.BooleanField(_("on"), default=False)

    objects = ShareRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("share rule")
        verbose_name_plural = _("share rules")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="share_rule_window_in_order"
            ),
            models.CheckConstraint(
                condition=Q(sharer_coupon__isnull=False) | Q(visitor_coupon__isnull=False),
                name="share_rule_gives_something",
            ),
            models.CheckConstraint(condition=Q(daily_most__gt=0), name="share_rule_daily_positive"),
        ]

    def __str__(self) -> str:
        return self.title_zh


class ShareLink(models.Model):
    """One member's link to one page of the shop; ``token`` cannot be guessed."""

    rule = models.ForeignKey(
        ShareRule, models.PROTECT, related_name="links", verbose_name=_("share rule")
    )
    member = models.ForeignKey(
        "members.Member", models.PROTECT, related_name="+", verbose_name=_("member")
    )
    path = models.CharField(_("page"), max_length=200)
    token = models.CharField(_("token"), max_length=32, unique=True)
    created_at = models.DateTimeField(_("made at"))

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("share link")
        verbose_name_plural = _("share links")
        constraints = [
            models.UniqueConstraint(fields=["rule", "member", "path"], name="share_link_once"),
        ]

    def __str__(self) -> str:
        return self.token


class ShareCredit(models.Model):
    """One valid visit: a pair of sharer and visitor is credited once a rule."""

    rule = models.ForeignKey(
        ShareRule, models.PROTECT, related_name="credits", verbose_name=_("share rule")
    )
    link = models.ForeignKey(
        ShareLink, models.PROTECT, related_name="credits", verbose_name=_("share link")
    )
    sharer = models.ForeignKey(
        "members.Member", models.PROTECT, related_name="+", verbose_name=_("sharer")
    )
    visitor = models.ForeignKey(
        "members.Member", models.PROTECT, related_name="+", verbose_name=_("visitor")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("credited visit")
        verbose_name_plural = _("credited visits")
        indexes = [models.Index(fields=["sharer", "rule", "-at"], name="share_credit_of_sharer")]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "sharer", "visitor"], name="share_credit_once_per_pair"
            ),
            models.CheckConstraint(
                condition=~Q(sharer=F("visitor")), name="share_credit_of_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sharer_id} -> {self.visitor_id}"
