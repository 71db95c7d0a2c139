"""The plan of a big promotion: goal, budget, stages by date, messages, checklist, stock.

Source: requirements P-42 to P-44, P-46, P-47.
"""

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel.db import FenField, LockableQuerySet
from mall.kernel.words import localized


class CampaignPlanQuerySet(LockableQuerySet):
    def within(self, at: datetime, until: datetime) -> "CampaignPlanQuerySet":
        """Plans that are under way at some instant of ``[at, until)``."""
        return self.filter(preheat_at__lt=until, ends_at__gt=at)


class CampaignPlan(models.Model):
    """One promotion as a whole. Its stage is told by the clock; its campaigns wait for approval."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        IN_REVIEW = "in_review", _("in review")
        APPROVED = "approved", _("approved")
        DROPPED = "dropped", _("dropped")

    class Stage(models.TextChoices):
        PLAN = "plan", pgettext_lazy("stage", "planning")
        PREHEAT = "preheat", pgettext_lazy("stage", "preheat")
        BURST = "burst", pgettext_lazy("stage", "burst")
        LONG_TAIL = "long_tail", pgettext_lazy("stage", "long tail")
        REVIEW = "review", pgettext_lazy("stage", "review")

    title_zh = models.CharField(_("title (Chinese)"), max_length=40)
    title_en = models.CharField(_("title (English)"), max_length=60)
    event = models.ForeignKey(
        "promotions.YearlyEvent",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="plans",
        verbose_name=_("event of the year"),
    )
    goal = models.TextField(_("goal"), blank=True, default="", max_length=1000)
    rules_text = models.TextField(
        _("rules in words"),
        blank=True,
        default="",
        max_length=2000,
        help_text=_("What shoppers get, as agreed."),
    )
    gmv_target_fen = FenField(_("sales target"), default=0)
    profit_target_fen = FenField(_("profit target"), default=0)
    budget_fen = FenField(
        _("budget"), default=0, help_text=_("The budgets of its campaigns stay within it.")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    preheat_at = models.DateTimeField(_("preheat from"))
    burst_at = models.DateTimeField(_("burst from"))
    long_tail_at = models.DateTimeField(_("long tail from"))
    ends_at = models.DateTimeField(_("review from"), help_text=_("Selling ends here."))
    status = models.CharField(
        _("status"), max_length=10, choices=Status, default=Status.DRAFT, editable=False
    )
    maker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("written by"),
    )
    checker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("approved by"),
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="", editable=False)
    stock_confirmed_at = models.DateTimeField(
        _("start confirmed despite shortages"), null=True, blank=True, editable=False
    )
    stock_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("confirmed by"),
    )
    review_text = models.TextField(
        _("review"), blank=True, default="", max_length=4000, help_text=_("What we learned.")
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    objects = CampaignPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign plan")
        verbose_name_plural = _("campaign plans")
        permissions = [("approve_campaignplan", _("Can approve campaign plans"))]
        ordering = ["-preheat_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    burst_at__gte=F("preheat_at"),
                    long_tail_at__gt=F("burst_at"),
                    ends_at__gte=F("long_tail_at"),
                ),
                name="plan_stages_in_order",
            ),
        ]

    def __str__(self) -> str:
        return localized(self, "title")

    def stage_at(self, at: datetime) -> str:
        """The stage the dates give: no job moves it."""
        if at < self.preheat_at:
            return self.Stage.PLAN
        if at < self.burst_at:
            return self.Stage.PREHEAT
        if at < self.long_tail_at:
            return self.Stage.BURST
        if at < self.ends_at:
            return self.Stage.LONG_TAIL
        return self.Stage.REVIEW


class PlanCheck(models.Model):
    """One line of the checklist that the teams agree on before the start."""

    class Team(models.TextChoices):
        OPERATIONS = "operations", _("operations")
        DESIGN = "design", _("design")
        TECH = "tech", pgettext_lazy("team", "engineering")
        SERVICE = "service", _("customer service")
        SUPPLY = "supply", _("supply chain")

    plan = models.ForeignKey(
        CampaignPlan, models.CASCADE, related_name="checks", verbose_name=_("campaign plan")
    )
    team = models.CharField(_("team"), max_length=12, choices=Team)
    text = models.CharField(_("to do"), max_length=200)
    sort = models.PositiveSmallIntegerField(pgettext_lazy("sequence", "order"), default=0)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("done by"),
    )

    class Meta:
        verbose_name = _("point of the checklist")
        verbose_name_plural = _("points of the checklist")
        ordering = ["sort", "pk"]

    def __str__(self) -> str:
        return self.text


class PlanPhase(models.Model):
    """Who hears what, where and when, and which campaign it is about."""

    class Channel(models.TextChoices):
        INBOX = "inbox", _("inbox")
        SMS = "sms", _("SMS")
        LIVE = "live", pgettext_lazy("channel", "live show")
        GROUP = "group", pgettext_lazy("channel", "chat group")
        BANNER = "banner", pgettext_lazy("channel", "banner")

    plan = models.ForeignKey(
        CampaignPlan, models.CASCADE, related_name="phases", verbose_name=_("campaign plan")
    )
    stage = models.CharField(_("stage"), max_length=10, choices=CampaignPlan.Stage)
    send_at = models.DateTimeField(_("goes out at"))
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    tier_codes = ArrayField(
        models.CharField(max_length=20),
        verbose_name=_("tiers"),
        default=list,
        blank=True,
        help_text=_("Only for these tiers; none: for everybody."),
    )
    segment = models.ForeignKey(
        "members.Segment",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("segment"),
    )
    text_zh = models.CharField(_("message (Chinese)"), max_length=300)
    text_en = models.CharField(_("message (English)"), max_length=400, blank=True, default="")
    campaign = models.ForeignKey(
        "promotions.Campaign",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("campaign"),
    )

    sent_at = models.DateTimeField(_("went out at"), null=True, blank=True, editable=False)

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("phase of a plan")
        verbose_name_plural = _("phases of plans")
        ordering = ["send_at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_stage_display()}: {self.get_channel_display()}"


class PlanForecast(models.Model):
    """How many pieces of a SKU the plan is expected to sell."""

    plan = models.ForeignKey(
        CampaignPlan, models.CASCADE, related_name="forecasts", verbose_name=_("campaign plan")
    )
    sku = models.ForeignKey("catalog.Sku", models.PROTECT, related_name="+", verbose_name=_("SKU"))
    pieces = models.PositiveIntegerField(_("expected pieces"))

    class Meta:
        verbose_name = _("expected sale")
        verbose_name_plural = _("expected sales")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "sku"], name="plan_forecast_once"),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id}: {self.pieces}"
