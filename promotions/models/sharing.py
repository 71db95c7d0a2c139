"""Coupons for sharing: a rule, a member's link, and one credit for each pair; the scene codes of
shared pages and who followed them. Source: P-10, M-65."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import LockableQuerySet
from mall.kernel.words import localized
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
        return localized(self, "title")


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


class ShareScene(models.Model):
    """One member's way to one page: its code goes with shared links, posters and mini-program
    paths, and comes back with who followed it. Without a member it is the shop's own (M-65)."""

    class Kind(models.TextChoices):
        PRODUCT = "product", _("product")
        TOPIC = "topic", _("topic page")
        COUPON = "coupon", _("coupon")
        GROUP = "group", _("group buy")

    code = models.CharField(_("code"), max_length=16, unique=True)
    member = models.ForeignKey(
        "members.Member",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("member"),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    target = models.CharField(_("what is shared"), max_length=80)
    visits = models.PositiveIntegerField(_("visits"), default=0)
    created_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("shared page")
        verbose_name_plural = _("shared pages")
        constraints = [
            models.UniqueConstraint(
                fields=["member", "kind", "target"],
                nulls_distinct=False,
                name="share_scene_once",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class ShareVisit(models.Model):
    """Somebody followed a shared page on a day; the same browser counts once a day."""

    scene = models.ForeignKey(
        ShareScene, models.CASCADE, related_name="found", verbose_name=_("shared page")
    )
    visitor = models.CharField(_("visitor"), max_length=64, help_text=_("A digest, no name."))
    member = models.ForeignKey(
        "members.Member",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("member"),
    )
    day = models.DateField(_("day"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("visit of a shared page")
        verbose_name_plural = _("visits of shared pages")
        indexes = [BrinIndex(fields=["day"], name="share_visit_by_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["scene", "visitor", "day"], name="share_visit_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scene_id} {self.day}"
