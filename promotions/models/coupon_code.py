"""Codes that are typed in for a coupon: batches of single ones, or one for a whole group.

Source: requirements P-11 (community welfare code), P-14's codes; ATK-31.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel.db import LockableQuerySet
from promotions.models.coupon import Coupon


class CodeBatchQuerySet(LockableQuerySet):
    def unfinished(self) -> "CodeBatchQuerySet":
        """Batches of which codes are still to be drawn."""
        return self.filter(made__lt=F("pieces"), shape=CodeBatch.Shape.SINGLE)


class CodeBatch(models.Model):
    """Codes ordered together. ``single``: ``pieces`` codes, each works once; ``shared``: one code
    that works ``pieces`` times, once a member."""

    class Shape(models.TextChoices):
        SINGLE = "single", _("each code works once")
        SHARED = "shared", _("one code for everybody")

    coupon = models.ForeignKey(
        Coupon, models.PROTECT, related_name="code_batches", verbose_name=_("coupon")
    )
    title = models.CharField(
        _("title"), max_length=60, help_text=_("For whom they are: a partner, a group, a fair.")
    )
    shape = models.CharField(_("kind"), max_length=10, choices=Shape, default=Shape.SINGLE)
    pieces = models.PositiveIntegerField(pgettext_lazy("coupon", "pieces"))
    made = models.PositiveIntegerField(_("codes made"), default=0, editable=False)
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    is_stopped = models.BooleanField(_("stopped"), default=False, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("who"),
    )
    created_at = models.DateTimeField(_("made at"))

    objects = CodeBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch of coupon codes")
        verbose_name_plural = _("batches of coupon codes")
        permissions = [("export_codebatch", _("Can export coupon codes"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(made__lte=F("pieces"), pieces__gt=0), name="code_batch_made_lte_pieces"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="code_batch_window_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CouponCodeQuerySet(LockableQuerySet):
    def with_left(self) -> "CouponCodeQuerySet":
        """Codes that work at least once more."""
        return self.filter(uses__lt=F("most"))


class CouponCode(models.Model):
    """One code. ``uses`` never passes ``most``, by constraint."""

    batch = models.ForeignKey(
        CodeBatch, models.PROTECT, related_name="codes", verbose_name=_("batch")
    )
    code = models.CharField(_("code"), max_length=32, unique=True)
    most = models.PositiveIntegerField(_("works so often"), default=1)
    uses = models.PositiveIntegerField(_("used so often"), default=0)

    objects = CouponCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("coupon code")
        verbose_name_plural = _("coupon codes")
        constraints = [
            models.CheckConstraint(
                condition=Q(uses__lte=F("most")), name="coupon_code_uses_lte_most"
            ),
        ]

    def __str__(self) -> str:
        return self.code
