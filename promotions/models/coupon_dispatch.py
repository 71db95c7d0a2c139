"""Sending one coupon to a segment, with a part of it held back to compare with.

Source: requirements P-16, P-17.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mall.kernel.db import BpField, LockableQuerySet
from promotions.models.coupon import Coupon


class CouponDispatchQuerySet(LockableQuerySet):
    def due(self, at: object) -> "CouponDispatchQuerySet":
        """Dispatches with members left to serve, whose time has come."""
        states = CouponDispatch.Status.SCHEDULED, CouponDispatch.Status.RUNNING
        return self.filter(status__in=states, scheduled_at__lte=at)


class CouponDispatch(models.Model):
    """One sending of a coupon to a segment, in batches; ``cursor`` is the last member served."""

    class Status(models.TextChoices):
        SCHEDULED = "scheduled", _("scheduled")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        STOPPED = "stopped", _("stopped")

    coupon = models.ForeignKey(
        Coupon, models.PROTECT, related_name="dispatches", verbose_name=_("coupon")
    )
    segment = models.ForeignKey(
        "members.Segment", models.PROTECT, related_name="+", verbose_name=_("segment")
    )
    scheduled_at = models.DateTimeField(_("scheduled at"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.SCHEDULED)
    cursor = models.BigIntegerField(_("last member"), default=0, editable=False)
    issued = models.PositiveIntegerField(_("issued"), default=0, editable=False)
    skipped = models.PositiveIntegerField(_("skipped"), default=0, editable=False)
    control_bp = BpField(
        _("held back"),
        default=0,
        help_text=_("Share of the segment that gets none, to compare with."),
    )
    held = models.PositiveIntegerField(_("held back"), default=0, editable=False)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("who"),
    )

    objects = CouponDispatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("coupon dispatch")
        verbose_name_plural = _("coupon dispatches")
        indexes = [
            models.Index(
                fields=["scheduled_at"],
                name="dispatch_due",
                condition=Q(status__in=["scheduled", "running"]),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(control_bp__lte=5_000), name="dispatch_control_at_most_half"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.coupon_id} -> {self.segment_id}"


class CouponHoldout(models.Model):
    """A member of the segment who got none on purpose: the control group of a dispatch."""

    dispatch = models.ForeignKey(
        CouponDispatch, models.CASCADE, related_name="holdouts", verbose_name=_("dispatch")
    )
    member = models.ForeignKey(
        "members.Member", models.CASCADE, related_name="+", verbose_name=_("member")
    )
    held_at = models.DateTimeField(_("held back at"))

    class Meta:
        verbose_name = _("member held back")
        verbose_name_plural = _("members held back")
        constraints = [
            models.UniqueConstraint(fields=["dispatch", "member"], name="holdout_once"),
        ]

    def __str__(self) -> str:
        return f"{self.dispatch_id}: {self.member_id}"
