"""How suppliers do: facts as they happen, one card a month, one row of rules. Source: I-26..I-28.

Facts and charges are append-only; cards are computed from them as often as one likes.
"""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from inventory.models.supplier import Supplier
from mall.kernel.db import BpField, FenField, LockableQuerySet
from mall.kernel.money import FULL_RATE_BP


class SupplierPolicy(models.Model):
    """Targets, grades and limits; one row."""

    fulfilment_target_bp = BpField(_("shipped in time, at least"), default=9500)
    quality_target_bp = BpField(_("passed inspection, at least"), default=9900)
    response_target_bp = BpField(_("answered in time, at least"), default=9000)
    fulfilment_weight = models.PositiveSmallIntegerField(_("weight of shipping"), default=40)
    quality_weight = models.PositiveSmallIntegerField(_("weight of quality"), default=40)
    response_weight = models.PositiveSmallIntegerField(_("weight of answers"), default=20)
    grade_a_from = models.PositiveSmallIntegerField(_("grade A from"), default=90)
    grade_b_from = models.PositiveSmallIntegerField(_("grade B from"), default=75)
    term_days_a = models.PositiveSmallIntegerField(_("payment term of grade A"), default=15)
    term_days_b = models.PositiveSmallIntegerField(_("payment term of grade B"), default=30)
    term_days_c = models.PositiveSmallIntegerField(_("payment term of grade C"), default=60)
    approval_limit_fen = FenField(
        _("two people from"),
        default=500_000,
        help_text=_("In yuan: a purchase order from this total is approved by another person."),
    )
    stale_minutes = models.PositiveSmallIntegerField(
        _("figures are stale after"), default=15, help_text=_("Minutes.")
    )
    document_alert_days = models.PositiveSmallIntegerField(
        _("warn of documents"), default=30, help_text=_("Days before they run out.")
    )

    class Meta:
        verbose_name = _("rules for suppliers")
        verbose_name_plural = _("rules for suppliers")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="supplier_policy_one_row"),
            models.CheckConstraint(
                condition=Q(grade_a_from__gt=F("grade_b_from"), grade_a_from__lte=100),
                name="supplier_grades_in_order",
                violation_error_message=_("Grade A begins above grade B, at 100 at most."),
            ),
            models.CheckConstraint(
                condition=Q(fulfilment_weight__gt=0)
                | Q(quality_weight__gt=0)
                | Q(response_weight__gt=0),
                name="supplier_weighs_something",
                violation_error_message=_("At least one weight is above zero."),
            ),
            models.CheckConstraint(
                condition=Q(
                    fulfilment_target_bp__lte=FULL_RATE_BP,
                    quality_target_bp__lte=FULL_RATE_BP,
                    response_target_bp__lte=FULL_RATE_BP,
                    stale_minutes__gte=1,
                    approval_limit_fen__gte=0,
                ),
                name="supplier_targets_possible",
            ),
        ]

    def __str__(self) -> str:
        return str(_("rules for suppliers"))


class SupplierFact(models.Model):
    """Something a supplier did, well or not: ``good`` of ``total``. Append-only."""

    class Kind(models.TextChoices):
        SHIPPED = "shipped", pgettext_lazy("supplier", "parcel shipped")
        INSPECTED = "inspected", pgettext_lazy("supplier", "pieces inspected")
        ANSWERED = "answered", pgettext_lazy("supplier", "after-sale answered")

    supplier = models.ForeignKey(
        Supplier, models.PROTECT, related_name="facts", verbose_name=_("supplier")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    reference = models.CharField(_("reference"), max_length=64)
    total = models.PositiveIntegerField(_("all"), default=1)
    good = models.PositiveIntegerField(pgettext_lazy("supplier", "good"), default=0)
    minutes = models.PositiveIntegerField(_("minutes it took"), null=True, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("fact about a supplier")
        verbose_name_plural = _("facts about suppliers")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["supplier", "at"], name="supplier_fact_of_month")]
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "kind", "reference"], name="supplier_fact_once"
            ),
            models.CheckConstraint(
                condition=Q(total__gt=0, good__lte=F("total")), name="supplier_fact_good_of_total"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.reference}"


class SupplierScorecard(models.Model):
    """One supplier in one month; ``None`` where nothing happened."""

    supplier = models.ForeignKey(
        Supplier, models.PROTECT, related_name="scorecards", verbose_name=_("supplier")
    )
    month = models.DateField(_("month"), help_text=_("Its first day."))
    shipped = models.PositiveIntegerField(_("parcels due"), default=0)
    fulfilment_bp = BpField(_("shipped in time"), null=True, blank=True)
    inspected = models.PositiveIntegerField(_("pieces inspected"), default=0)
    quality_bp = BpField(_("passed inspection"), null=True, blank=True)
    answered = models.PositiveIntegerField(_("after-sales"), default=0)
    response_bp = BpField(_("answered in time"), null=True, blank=True)
    score = models.PositiveSmallIntegerField(
        _("score"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    grade = models.CharField(
        _("grade"), max_length=1, choices=Supplier.Grade, default="", blank=True
    )
    computed_at = models.DateTimeField(_("computed at"))

    class Meta:
        verbose_name = _("scorecard")
        verbose_name_plural = _("scorecards")
        ordering = ["-month", "-score", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["supplier", "month"], name="scorecard_once_a_month"),
        ]

    def __str__(self) -> str:
        return f"{self.supplier} {self.month:%Y-%m}"


class SupplierAlertQuerySet(LockableQuerySet):
    def open(self) -> "SupplierAlertQuerySet":
        return self.filter(resolved_at__isnull=True)


class SupplierAlert(models.Model):
    """Something is wrong at a supplier; one open row a cause."""

    class Kind(models.TextChoices):
        LOW = "low", _("few pieces left")
        STALE = "stale", _("figures are late")
        FULFILMENT = "fulfilment", _("ships late too often")
        QUALITY = "quality", _("fails inspection too often")
        RESPONSE = "response", _("answers late too often")

    supplier = models.ForeignKey(
        Supplier, models.PROTECT, related_name="alerts", verbose_name=_("supplier")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    goods = models.ForeignKey(
        "inventory.SupplierSku",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="alerts",
        verbose_name=_("goods of a supplier"),
    )
    figure = models.PositiveIntegerField(_("figure"))
    limit = models.PositiveIntegerField(_("limit"))
    raised_at = models.DateTimeField(_("raised at"))
    resolved_at = models.DateTimeField(_("resolved at"), null=True, blank=True)

    objects = SupplierAlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert about a supplier")
        verbose_name_plural = _("alerts about suppliers")
        ordering = ["-raised_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "kind", "goods"],
                condition=Q(resolved_at__isnull=True),
                nulls_distinct=False,
                name="supplier_alert_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.supplier}"
