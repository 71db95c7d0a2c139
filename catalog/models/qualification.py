"""Licences that goods of a category ask for: 食品经营许可证. Source: requirement C-39."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import LockableQuerySet, refuse_unsafe_text
from mall.kernel.words import localized


class QualificationKind(models.Model):
    """A kind of document; goods of its categories, and of all below them, ask for one."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    title_zh = models.CharField(_("title (Chinese)"), max_length=40)
    title_en = models.CharField(_("title (English)"), max_length=80)
    categories = models.ManyToManyField(
        "catalog.Category",
        related_name="required_qualifications",
        blank=True,
        verbose_name=_("asked of"),
    )

    class Meta:
        verbose_name = _("kind of qualification")
        verbose_name_plural = _("kinds of qualification")
        ordering = ["code"]

    def __str__(self) -> str:
        return localized(self, "title")


class QualificationQuerySet(LockableQuerySet):
    def valid_on(self, day: date) -> "QualificationQuerySet":
        """Those whose time has begun and whose last day is not over."""
        return self.filter(
            Q(starts_on=None) | Q(starts_on__lte=day),
            Q(expires_on=None) | Q(expires_on__gte=day),
        )


class Qualification(models.Model):
    """One document. It holds for its category and all below; ``expires_on`` is its last day."""

    class Alert(models.TextChoices):
        NONE = "", _("none")
        SOON = "soon", _("runs out soon")
        OVER = "over", _("has run out")

    kind = models.ForeignKey(
        QualificationKind, models.PROTECT, related_name="documents", verbose_name=_("kind")
    )
    category = models.ForeignKey(
        "catalog.Category",
        models.PROTECT,
        related_name="qualifications",
        verbose_name=_("holds for"),
    )
    number = models.CharField(_("number"), max_length=60, validators=[refuse_unsafe_text])
    holder = models.CharField(
        _("holder"), max_length=80, blank=True, validators=[refuse_unsafe_text]
    )
    file = models.FileField(_("file"), upload_to="qualifications", max_length=200)
    starts_on = models.DateField(_("valid from"), null=True, blank=True)
    expires_on = models.DateField(
        _("last day"), null=True, blank=True, help_text=_("Empty: it does not run out.")
    )
    alerted = models.CharField(
        _("warned of"), max_length=5, choices=Alert, default=Alert.NONE, blank=True, editable=False
    )

    objects = QualificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("qualification")
        verbose_name_plural = _("qualifications")
        ordering = [F("expires_on").asc(nulls_last=True), "pk"]
        permissions = [("get_qualification_alerts", _("Is told of qualifications that run out"))]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "category", "number"], name="qualification_once_per_number"
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None)
                | Q(expires_on=None)
                | Q(starts_on__lte=F("expires_on")),
                name="qualification_dates_in_order",
                violation_error_message=_("Its last day is not before its first."),
            ),
        ]

    def __str__(self) -> str:
        return self.number
