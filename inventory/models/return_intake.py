"""Goods that come back from shoppers: expected, arrived, inspected. Source: I-22, O-47."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel.db import LockableQuerySet


class Grade(models.TextChoices):
    """What the inspection found."""

    A = "A", pgettext_lazy("grade", "A: as new, sold again")
    B = "B", pgettext_lazy("grade", "B: small flaws, kept as defective")
    C = "C", pgettext_lazy("grade", "C: defective")
    D = "D", pgettext_lazy("grade", "D: scrap")


class ReturnIntake(models.Model):
    """The goods of one after-sale, in the warehouse that takes them in."""

    class Status(models.TextChoices):
        EXPECTED = "expected", pgettext_lazy("return", "expected")
        ARRIVED = "arrived", pgettext_lazy("return", "arrived")
        INSPECTED = "inspected", pgettext_lazy("return", "inspected and booked")
        CALLED_OFF = "called_off", pgettext_lazy("return", "called off")

    after_sale_number = models.CharField(_("after-sale"), max_length=40, unique=True)
    warehouse = models.ForeignKey(
        "inventory.Warehouse", models.PROTECT, related_name="+", verbose_name=_("warehouse")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.EXPECTED)
    expected_at = models.DateTimeField(_("expected since"))
    arrived_at = models.DateTimeField(_("arrived at"), null=True, blank=True)
    inspected_at = models.DateTimeField(_("inspected at"), null=True, blank=True)

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("return intake")
        verbose_name_plural = _("returns coming in")

    def __str__(self) -> str:
        return self.after_sale_number


class ReturnIntakeLine(models.Model):
    """Pieces of one SKU: expected (no grade yet), or inspected with one grade."""

    Grade = Grade

    intake = models.ForeignKey(ReturnIntake, models.CASCADE, related_name="lines")
    sku = models.ForeignKey("catalog.Sku", models.PROTECT, related_name="+", verbose_name=_("SKU"))
    grade = models.CharField(_("grade"), max_length=1, choices=Grade, blank=True)
    pieces = models.PositiveIntegerField(_("pieces"))

    class Meta:
        verbose_name = _("line of a return")
        verbose_name_plural = _("lines of a return")
        constraints = [
            models.UniqueConstraint(
                fields=["intake", "sku", "grade"], name="return_intake_line_once"
            ),
            models.CheckConstraint(condition=Q(pieces__gt=0), name="return_intake_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id} {self.grade} × {self.pieces}"
