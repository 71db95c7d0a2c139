"""Coupons: the template and one member's copy.

Source: requirements P-01, P-04, P-12, P-13, P-66; INV-16, INV-17.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel.db import BpField, FenField, LockableQuerySet
from mall.kernel.words import localized
from promotions.models.scope import Scoped


class CouponQuerySet(LockableQuerySet):
    def open_at(self, at: object) -> "CouponQuerySet":
        """Coupons that are given out at ``at``: live, in their window, with budget left."""
        live = self.filter(status=Coupon.Status.LIVE, starts_at__lte=at, ends_at__gt=at)
        return live.exclude(spent_fen__gte=F("budget_fen"))

    def with_left(self, pieces: int) -> "CouponQuerySet":
        """Coupons of which so many pieces are left."""
        return self.filter(issued__lte=F("total") - pieces)

    def with_budget_for(self, off_fen: int) -> "CouponQuerySet":
        """Coupons whose budget bears ``off_fen`` more."""
        return self.filter(budget_fen__gte=F("spent_fen") + off_fen)


class Coupon(Scoped):
    """A coupon template. ``issued`` never passes ``total``, ``spent_fen`` never the budget, both by
    constraint.

    ``spent_fen`` is what its copies take off unpaid and paid orders; counted only under a budget.
    """

    class Kind(models.TextChoices):
        AMOUNT = "amount", _("amount off")
        RATE = "rate", _("rate")
        FREE_FREIGHT = "free_freight", _("free freight")
        EXCHANGE = "exchange", _("exchange for goods")

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
    exchange_sku = models.ForeignKey(
        "catalog.Sku",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("exchanged for"),
        help_text=_("One piece of this SKU, of an exchange coupon."),
    )
    exchange_price_fen = FenField(
        _("exchange price"), default=0, help_text=_("What that piece costs; 0: nothing.")
    )
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
    valid_minutes = models.PositiveIntegerField(
        _("minutes valid"),
        null=True,
        blank=True,
        help_text=_("For so many minutes after it is given; instead of days."),
    )
    is_first_order = models.BooleanField(
        _("first order only"),
        default=False,
        help_text=_("Only for a member who has not bought before."),
    )
    tier_codes = ArrayField(
        models.CharField(max_length=20),
        verbose_name=_("tiers"),
        default=list,
        blank=True,
        help_text=_("Only for these tiers; none: for everybody."),
    )
    region_prefixes = ArrayField(
        models.CharField(max_length=12),
        verbose_name=_("regions"),
        default=list,
        blank=True,
        help_text=_("Beginnings of region codes it is limited to; none: everywhere."),
    )
    budget_fen = FenField(
        _("budget"),
        null=True,
        blank=True,
        help_text=_("What all copies together may take off; it stops there. Empty: no limit."),
    )
    spent_fen = FenField(_("spent"), default=0, editable=False)
    returns_on_cancel = models.BooleanField(_("returned when an unpaid order closes"), default=True)
    returns_on_refund = models.BooleanField(
        _("returned when a paid order is wholly refunded"), default=True
    )
    live_session = models.ForeignKey(
        "promotions.LiveSession",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="coupons",
        verbose_name=_("live session"),
        help_text=_("It can be claimed only while this session is on."),
    )
    near_latitude = models.DecimalField(
        _("latitude"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    near_longitude = models.DecimalField(
        _("longitude"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    near_metres = models.PositiveIntegerField(
        _("within, metres"),
        null=True,
        blank=True,
        help_text=_("It can be claimed only so near to the point, 3000 for 3 km."),
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
            models.CheckConstraint(
                condition=Q(budget_fen__isnull=True) | Q(spent_fen__lte=F("budget_fen")),
                name="coupon_spent_within_budget",
            ),
            models.CheckConstraint(condition=Q(spent_fen__gte=0), name="coupon_spent_not_negative"),
            models.CheckConstraint(
                condition=Q(kind="exchange", exchange_sku__isnull=False)
                | (~Q(kind="exchange") & Q(exchange_sku__isnull=True)),
                name="coupon_exchange_names_its_sku",
            ),
            models.CheckConstraint(
                condition=Q(valid_days__isnull=True) | Q(valid_minutes__isnull=True),
                name="coupon_days_or_minutes",
            ),
            models.CheckConstraint(
                condition=Q(
                    near_latitude__isnull=True,
                    near_longitude__isnull=True,
                    near_metres__isnull=True,
                )
                | Q(
                    near_latitude__range=(-90, 90),
                    near_longitude__range=(-180, 180),
                    near_metres__gt=0,
                ),
                name="coupon_point_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return localized(self, "title")

    @property
    def budget_is_spent(self) -> bool:
        return self.budget_fen is not None and self.spent_fen >= self.budget_fen


class CouponGrantQuerySet(LockableQuerySet):
    def usable_by(self, member_id: object, at: object) -> "CouponGrantQuerySet":
        """A member's own copies that are neither used, locked, early nor over (INV-16)."""
        return self.filter(
            member_id=member_id,
            state=CouponGrant.State.USABLE,
            starts_at__lte=at,
            ends_at__gt=at,
        )

    def bound_to(self, order_number: str) -> "CouponGrantQuerySet":
        """The copies that an order holds, or has used."""
        bound = (CouponGrant.State.LOCKED, CouponGrant.State.USED)
        return self.filter(order_number=order_number, state__in=bound)


class CouponGrant(models.Model):
    """One member's copy. ``usable`` -> ``locked`` by an order -> ``used`` when paid, or back;
    ``forfeit`` when its coupon says that a closed order does not give it back.

    ``off_fen`` is what it took off that order, ``channel`` the group, session or link it came by.
    """

    class State(models.TextChoices):
        USABLE = "usable", _("usable")
        LOCKED = "locked", _("in an unpaid order")
        USED = "used", _("used")
        FORFEIT = "forfeit", _("not given back")

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
    off_fen = FenField(_("off"), default=0, help_text=_("What it took off its order."))
    channel = models.CharField(
        _("channel"),
        max_length=60,
        blank=True,
        default="",
        help_text=_("The group, live session or link it came by."),
    )
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
            models.Index(fields=["channel"], name="grant_by_channel", condition=~Q(channel="")),
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
            models.CheckConstraint(condition=Q(off_fen__gte=0), name="grant_off_not_negative"),
            models.CheckConstraint(
                condition=Q(state="usable", order_number="")
                | (~Q(state="usable") & ~Q(order_number="")),
                name="grant_bound_to_its_order",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def goes_back(self) -> bool:
        """Whether its coupon gives it back when its order is closed unpaid, or paid and refunded
        whole. The coupon has to be in hand."""
        was_paid = self.state == self.State.USED
        return self.coupon.returns_on_refund if was_paid else self.coupon.returns_on_cancel
