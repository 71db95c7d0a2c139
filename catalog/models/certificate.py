"""Papers that speak for a product: 质检报告, certificates, patents. Source: requirement C-46."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel.db import LockableQuerySet, refuse_unsafe_text


class ProductCertificateQuerySet(LockableQuerySet):
    def valid_on(self, day: date) -> "ProductCertificateQuerySet":
        """Those whose time has begun and whose last day is not over."""
        return self.filter(
            Q(starts_on=None) | Q(starts_on__lte=day),
            Q(expires_on=None) | Q(expires_on__gte=day),
        )


class ProductCertificate(models.Model):
    """One paper of one product; everybody may read it while it is valid."""

    class Kind(models.TextChoices):
        REPORT = "report", _("quality report")
        CERTIFICATE = "certificate", _("certificate")
        PATENT = "patent", _("patent")

    product = models.ForeignKey(
        "catalog.Product", models.CASCADE, related_name="certificates", verbose_name=_("product")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.REPORT)
    number = models.CharField(_("number"), max_length=60, validators=[refuse_unsafe_text])
    agency_zh = models.CharField(
        _("agency (Chinese)"), max_length=80, validators=[refuse_unsafe_text]
    )
    agency_en = models.CharField(
        _("agency (English)"), max_length=120, blank=True, validators=[refuse_unsafe_text]
    )
    file = models.FileField(_("file"), upload_to="certificates", max_length=200)
    starts_on = models.DateField(_("valid from"), null=True, blank=True)
    expires_on = models.DateField(
        _("last day"), null=True, blank=True, help_text=_("Empty: it does not run out.")
    )
    sort = models.PositiveSmallIntegerField(pgettext_lazy("sequence", "order"), default=0)

    objects = ProductCertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper of a product")
        verbose_name_plural = _("papers of products")
        ordering = ["sort", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "kind", "number"], name="certificate_once_per_product"
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None)
                | Q(expires_on=None)
                | Q(starts_on__lte=models.F("expires_on")),
                name="certificate_dates_in_order",
                violation_error_message=_("Its last day is not before its first."),
            ),
        ]

    def __str__(self) -> str:
        return self.number
