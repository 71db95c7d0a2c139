"""What a supplier has signed: when it ships, who pays what comes back. Source: I-28, I-34."""

from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import BpField, FenField, LockableQuerySet, refuse_unsafe_text
from mall.kernel.money import FULL_RATE_BP


class SupplierAgreementQuerySet(LockableQuerySet):
    def valid_on(self, day: date) -> "SupplierAgreementQuerySet":
        """Those in force on the day."""
        return self.filter(
            Q(ends_on=None) | Q(ends_on__gte=day), is_active=True, starts_on__lte=day
        )


class SupplierAgreement(models.Model):
    """A contract for a time; ``ends_on`` is its last day. Of several in force the latest rules."""

    supplier = models.ForeignKey(
        "inventory.Supplier", models.PROTECT, related_name="agreements", verbose_name=_("supplier")
    )
    number = models.CharField(_("number"), max_length=60, validators=[refuse_unsafe_text])
    starts_on = models.DateField(_("valid from"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    is_active = models.BooleanField(_("in force"), default=True)
    ships_within_hours = models.PositiveSmallIntegerField(
        _("ships within"), default=48, validators=[MinValueValidator(1)], help_text=_("Hours.")
    )
    answers_within_minutes = models.PositiveSmallIntegerField(
        _("answers after-sales within"),
        default=120,
        validators=[MinValueValidator(1)],
        help_text=_("Minutes."),
    )
    return_freight_bp = BpField(
        _("its share of return freight"),
        default=FULL_RATE_BP,
        validators=[MaxValueValidator(FULL_RATE_BP)],
        help_text=_("When quality is to blame: 100 means all of it."),
    )
    quality_bp = BpField(
        _("its share of quality refunds"),
        default=FULL_RATE_BP,
        validators=[MaxValueValidator(FULL_RATE_BP)],
    )
    dropship_fee_fen = FenField(
        _("fee of a drop-shipped parcel"), default=0, help_text=_("In yuan, kept by the shop.")
    )
    liability = models.TextField(
        _("liability"), max_length=2000, blank=True, default="", validators=[refuse_unsafe_text]
    )
    file = models.FileField(_("file"), upload_to="suppliers", max_length=200, blank=True)

    objects = SupplierAgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement with a supplier")
        verbose_name_plural = _("agreements with suppliers")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["supplier", "number"], name="agreement_once"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on__lte=F("ends_on")),
                name="agreement_dates_in_order",
                violation_error_message=_("Its last day is not before its first."),
            ),
            models.CheckConstraint(
                condition=Q(
                    return_freight_bp__lte=FULL_RATE_BP,
                    quality_bp__lte=FULL_RATE_BP,
                    dropship_fee_fen__gte=0,
                    ships_within_hours__gte=1,
                    answers_within_minutes__gte=1,
                ),
                name="agreement_terms_possible",
            ),
        ]

    def __str__(self) -> str:
        return self.number
