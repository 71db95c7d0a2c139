"""Coupons: the template, one member's copy, the dispatch to many.

Source: requirement P-16; INV-16, INV-17.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel.db import BpField, FenField, LockableQuerySet
from promotions.models.scope import Scoped


class CouponQuerySet(LockableQuerySet):
    def open_at(self, at: object) -> "CouponQuerySet":
        """Coupons that are given out at ``at``."""
        return self.filter(status=Coupon.Status.LIVE, starts_at__lte=at, ends_at__gt=at)

    def with_left(self, pieces: int) -> "CouponQuerySet":
        """Coupons of which so many pieces are left."""
        return self.filter(issued__lte=F("total") - pieces)


class Coupon(Scoped):
    """A coupon template. ``issued`` never passes ``total``, by constraint."""

    class Kind(models.TextChoices):
        AMOUNT = "amount", _("amount off")
        RATE = "rate", _("rate")
        FREE_FREIGHT = "free_freight", _("free freight")

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        LIVE = "live", _("live")
        PAUSED = "paused", _("paused")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    title_zh = models.CharField(_("title (Chinese)"), max_length=40)
    title_en = models.CharField(_("title (English)"), max_length=60)
    kind = models.CharField(_("kind"), max_length=15, choices=Kind)
    threshold_fen = FenField(
        pgettext_lazy("amount", "from"), default=0, help_text=_("Goods value needed; 0: none.")
    )
    off_fen = FenField(_("off"), default=0)
    rate_bp = BpField(_("rate"), default=10_000)
    cap_fen = FenField(_("at most off"), null=True, blank=True)
    total = models.PositiveIntegerField(pgettext_lazy("coupon", "pieces"))
    issued = models.PositiveIntegerField(_("issued"), default=0, editable=False)
    per_member = models.PositiveSmallIntegerField(_("per member"), default=1)
    valid_days = models.PositiveSmallIntegerField(
        _("days valid"),
        null=True,
        blank=True,
        help_text=_("To the end of so many days after it is given; empty: to the end date."),
    )
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    exclusive_group = models.SlugField(
        _("exclusive group"),
        max_length=20,
        blank=True,
        help_text=_("Of one group at most one coupon is used in an order."),
    )
    is_claimable = models.BooleanField(_("in the coupon centre"), default=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = CouponQuerySet.as_manager()

    class Meta:
        verbose_name = _("coupon")
        verbose_name_plural = _("coupons")
        constraints = [
            models.CheckConstraint(
                condition=Q(issued__lte=F("total")), name="coupon_issued_lte_total"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="coupon_window_in_order"
            ),
            models.CheckConstraint(
                condition=Q(rate_bp__range=(1, 10_000)), name="coupon_rate_in_range"
            ),
            models.CheckConstraint(
                condition=Q(per_member__gt=0), name="coupon_per_member_positive"
            ),
        ]

    def __str__(self) -> str:
        return self.title_zh


class CouponGrantQuerySet(LockableQuerySet):
    def usable_by(self, member_id: object, at: object) -> "CouponGrantQuerySet":
        """A member's own copies that are neither used, locked, early nor over (INV-16)."""
        return self.filter(
            member_id=member_id,
            state=CouponGrant.State.USABLE,
            starts_at__lte=at,
            ends_at__gt=at,
        )


class CouponGrant(models.Model):
    """One member's copy. ``usable`` -> ``locked`` by an order -> ``used`` when paid, or back."""

    class State(models.TextChoices):
        USABLE = "usable", _("usable")
        LOCKED = "locked", _("in an unpaid order")
        USED = "used", _("used")

    coupon = models.ForeignKey(
        Coupon, models.PROTECT, related_name="grants", verbose_name=_("coupon")
    )
    member = models.ForeignKey(
        "members.Member", models.PROTECT, related_name="coupon_grants", verbose_name=_("member")
    )
    seq = models.PositiveSmallIntegerField(
        pgettext_lazy("which copy", "number"), help_text=_("Which copy of this member's.")
    )
    allowed = models.PositiveSmallIntegerField(
        _("allowed"), default=1, help_text=_("How many a member might have when it was given.")
    )
    code = models.CharField(_("code"), max_length=32, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.USABLE)
    starts_at = models.DateTimeField(_("valid from"))
    ends_at = models.DateTimeField(_("valid until"))
    order_number = models.CharField(_("order"), max_length=32, blank=True)
    source_type = models.CharField(_("source"), max_length=20)
    source_id = models.CharField(_("source id"), max_length=64, blank=True)
    granted_at = models.DateTimeField(_("given at"))
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)

    objects = CouponGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("member's coupon")
        verbose_name_plural = _("members' coupons")
        indexes = [
            models.Index(fields=["member", "state", "ends_at"], name="grant_of_member"),
            models.Index(
                fields=["order_number"], name="grant_of_order", condition=~Q(order_number="")
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["coupon", "member", "seq"], name="grant_once_per_number"
            ),
            models.UniqueConstraint(
                fields=["coupon", "member", "source_type", "source_id"],
                condition=~Q(source_id=""),
                name="grant_once_per_source",
            ),
            models.CheckConstraint(
                condition=Q(seq__gte=1, seq__lte=F("allowed")), name="grant_within_its_limit"
            ),
            models.CheckConstraint(
                condition=Q(state="usable", order_number="")
                | (~Q(state="usable") & ~Q(order_number="")),
                name="grant_bound_to_its_order",
            ),
        ]

    def __str__(self) -> str:
        return self.code


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

    def __str__(self) -> str:
        return f"{self.coupon_id} -> {self.segment_id}"
