"""Campaigns tried before they go live: rehearsals on real orders, what was found, who overrode it.

Source: design.md, section 5 (Rehearsal); requirement C-49.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel.db import FenField, LockableQuerySet
from promotions.models.campaign import Campaign


class Level(models.TextChoices):
    """How bad a finding is: red stands between a version and its publication."""

    RED = "red", _("red: blocks publishing")
    AMBER = "amber", _("amber: look at it")
    GREEN = "green", _("green: in order")


class RehearsalPolicy(models.Model):
    """When a rehearsal must come before publishing, and how strict the checks are: one row."""

    class Need(models.TextChoices):
        NEVER = "never", _("never")
        LARGE = "large", _("for the whole shop, or above the budget below")
        ALWAYS = "always", _("always")

    need = models.CharField(
        _("a rehearsal is needed"), max_length=10, choices=Need, default=Need.LARGE
    )
    large_budget_fen = FenField(
        _("large from a budget of"),
        default=1_000_000,
        help_text=_("Campaigns with this budget or more are rehearsed before they are published."),
    )
    least_sales = models.PositiveIntegerField(
        _("pieces sold before"),
        default=50,
        help_text=_("Paid pieces a SKU must have sold before it joins a promotion."),
    )
    least_quality = models.PositiveSmallIntegerField(
        _("listing quality at least"),
        default=60,
        help_text=_("0 to 100: what a listing must reach before its goods join a promotion."),
    )
    low_price_level = models.CharField(
        _("above the lowest price of 30 days"), max_length=5, choices=Level, default=Level.RED
    )
    sales_level = models.CharField(
        _("too few sales"), max_length=5, choices=Level, default=Level.RED
    )
    stock_level = models.CharField(
        _("too little stock"), max_length=5, choices=Level, default=Level.RED
    )
    listing_level = models.CharField(
        _("poor listing"), max_length=5, choices=Level, default=Level.AMBER
    )
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        verbose_name = _("rules of rehearsal")
        verbose_name_plural = _("rules of rehearsal")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="rehearsal_policy_one_row"),
        ]

    def __str__(self) -> str:
        return str(_("rules of rehearsal"))


class RehearsalQuerySet(LockableQuerySet):
    def unfinished(self) -> "RehearsalQuerySet":
        return self.filter(state__in=(Rehearsal.State.WAITING, Rehearsal.State.RUNNING))


class Rehearsal(models.Model):
    """One replay of past orders with a set of campaigns switched in, its progress and its sums."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for the worker")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    state = models.CharField(_("status"), max_length=10, choices=State, default=State.WAITING)
    since = models.DateTimeField(_("orders from"))
    until = models.DateTimeField(_("orders before"))
    orders_total = models.PositiveIntegerField(_("orders to replay"), default=0)
    orders_done = models.PositiveIntegerField(_("orders replayed"), default=0)
    figures = models.JSONField(_("figures"), default=dict, blank=True)
    failure = models.CharField(_("failure"), max_length=200, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    asked_at = models.DateTimeField(_("asked at"))
    seen_at = models.DateTimeField(
        _("last sign of life"), null=True, help_text=_("When the worker last wrote its progress.")
    )
    finished_at = models.DateTimeField(_("finished at"), null=True)

    objects = RehearsalQuerySet.as_manager()

    class Meta:
        verbose_name = _("rehearsal")
        verbose_name_plural = _("rehearsals")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["asked_at"],
                name="rehearsal_unfinished",
                condition=Q(state__in=("waiting", "running")),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gt=F("since")), name="rehearsal_window_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def progress_percent(self) -> int:
        """How much of the replay is done, 0 to 100."""
        if self.state == self.State.DONE:
            return 100
        return min(100, self.orders_done * 100 // self.orders_total) if self.orders_total else 0


class RehearsedCampaign(models.Model):
    """A campaign in the set of a rehearsal, at the version that was tried."""

    rehearsal = models.ForeignKey(
        Rehearsal, models.CASCADE, related_name="campaigns", verbose_name=_("rehearsal")
    )
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="rehearsals", verbose_name=_("campaign")
    )
    version = models.PositiveIntegerField(_("version"))

    class Meta:
        verbose_name = _("rehearsed campaign")
        verbose_name_plural = _("rehearsed campaigns")
        indexes = [models.Index(fields=["campaign", "version"], name="rehearsed_version")]
        constraints = [
            models.UniqueConstraint(
                fields=["rehearsal", "campaign"], name="rehearsed_campaign_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} v{self.version}"


class CampaignFinding(models.Model):
    """One thing found about one version of a campaign; ``facts`` fill the words of its code."""

    class Kind(models.TextChoices):
        REHEARSAL = "rehearsal", _("rehearsal")
        GOODS = "goods", _("check of goods")

    campaign = models.ForeignKey(
        Campaign, models.CASCADE, related_name="findings", verbose_name=_("campaign")
    )
    version = models.PositiveIntegerField(_("version"))
    kind = models.CharField(_("found by"), max_length=12, choices=Kind)
    level = models.CharField(pgettext_lazy("finding", "level"), max_length=5, choices=Level)
    code = models.CharField(_("what"), max_length=40)
    facts = models.JSONField(_("facts"), default=dict, blank=True)
    rehearsal = models.ForeignKey(
        Rehearsal,
        models.CASCADE,
        null=True,
        related_name="findings",
        verbose_name=_("rehearsal"),
    )
    found_at = models.DateTimeField(_("found at"))

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        indexes = [
            models.Index(fields=["campaign", "version", "kind"], name="campaign_finding_version")
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.code}"


class FindingOverride(models.Model):
    """A second operator answers for what was found of a version until then. Append-only."""

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="overrides", verbose_name=_("campaign")
    )
    version = models.PositiveIntegerField(_("version"))
    reason = models.CharField(_("reason"), max_length=200)
    codes = models.JSONField(_("what it answers for"), default=list)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("override")
        verbose_name_plural = _("overrides")
        permissions = [("override_findings", _("Can publish in spite of red findings"))]
        indexes = [models.Index(fields=["campaign", "version"], name="finding_override_version")]

    def __str__(self) -> str:
        return f"{self.campaign_id} v{self.version}: {self.reason}"
