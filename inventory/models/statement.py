"""What we owe suppliers, line by line and month by month. Source: I-34, I-42, O-48."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from inventory.models.supplier import Supplier
from mall.kernel.db import FenField, LockableQuerySet, SafeJSONField


class SupplierCharge(models.Model):
    """One amount between a supplier and us, once per kind and reference. Append-only.

    Positive: we owe it. Negative: it is deducted.
    """

    class Kind(models.TextChoices):
        GOODS = "goods", pgettext_lazy("statement", "goods received")
        DROPSHIP = "dropship", pgettext_lazy("statement", "goods drop-shipped")
        FREIGHT = "freight", pgettext_lazy("statement", "return freight")
        QUALITY = "quality", pgettext_lazy("statement", "quality")
        FEE = "fee", pgettext_lazy("statement", "drop-ship cost")
        REVERSED = "reversed", pgettext_lazy("statement", "drop-shipped goods given back")

    supplier = models.ForeignKey(
        Supplier, models.PROTECT, related_name="charges", verbose_name=_("supplier")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    reference = models.CharField(_("reference"), max_length=64)
    amount_fen = FenField(_("amount"), min_fen=None)
    facts = SafeJSONField(_("facts"), default=dict, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("supplier's amount")
        verbose_name_plural = _("suppliers' amounts")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["supplier", "at"], name="supplier_charge_of_month")]
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "kind", "reference"], name="supplier_charge_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["goods", "dropship"], amount_fen__gt=0)
                | Q(kind__in=["freight", "quality", "fee", "reversed"], amount_fen__lt=0),
                name="supplier_charge_sign",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.reference}"


class SupplierStatement(models.Model):
    """One supplier's account of one month. Frozen from confirmation on, by trigger."""

    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("statement", "draft")
        CONFIRMED = "confirmed", pgettext_lazy("statement", "confirmed")
        PAID = "paid", pgettext_lazy("statement", "paid")

    number = models.CharField(_("number"), max_length=24, unique=True)
    supplier = models.ForeignKey(
        Supplier, models.PROTECT, related_name="statements", verbose_name=_("supplier")
    )
    month = models.DateField(_("month"), help_text=_("Its first day."))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    cost_fen = FenField(_("goods"), default=0)
    deducted_fen = FenField(_("deducted"), default=0)
    payable_fen = FenField(_("payable"), default=0, min_fen=None)
    due_on = models.DateField(_("due on"))
    drawn_at = models.DateTimeField(_("drawn at"))
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    paid_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("settlement", "paid by"),
    )
    bank_reference = models.CharField(_("bank reference"), max_length=60, blank=True)

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("settlement statement")
        verbose_name_plural = _("settlement statements")
        ordering = ["-month", "-pk"]
        permissions = [
            ("confirm_supplierstatement", _("Confirms settlement statements")),
            ("pay_supplierstatement", _("Notes settlement statements as paid")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["supplier", "month"], name="statement_once_a_month"),
            models.CheckConstraint(
                condition=Q(cost_fen__gte=0, deducted_fen__gte=0)
                & Q(payable_fen=F("cost_fen") - F("deducted_fen")),
                name="statement_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class SupplierStatementLine(models.Model):
    """An amount on a statement; each amount stands on one statement only."""

    statement = models.ForeignKey(
        SupplierStatement,
        models.CASCADE,
        related_name="lines",
        verbose_name=_("settlement statement"),
    )
    charge = models.OneToOneField(
        SupplierCharge, models.PROTECT, related_name="statement_line", verbose_name=_("amount")
    )

    class Meta:
        verbose_name = _("line of a statement")
        verbose_name_plural = _("lines of statements")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.statement_id}: {self.charge_id}"
