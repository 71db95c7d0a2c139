"""After-sales: what a buyer asks about pieces of an order, and what came of it. Source: O-43 to
O-49, I-22; design.md, section 8."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel.db import FenField, LockableQuerySet, refuse_unsafe_text


class Reason(models.TextChoices):
    """Why goods come back: structured, so that reports can group by it (O-49)."""

    SIZE = "size", _("size does not fit")
    QUALITY = "quality", _("poor quality")
    NOT_AS_DESCRIBED = "not_as_described", _("not as described")
    NO_REASON = "no_reason", _("7 days, no reason asked")
    DAMAGED = "damaged", _("damaged on the way")
    NOT_RECEIVED = "not_received", _("not received")
    UNWANTED = "unwanted", _("not wanted any more")
    OTHER = "other", pgettext_lazy("reason", "other")


class AfterSaleQuerySet(LockableQuerySet):
    def of_member(self, member_id: int) -> "AfterSaleQuerySet":
        return self.filter(member_id=member_id)

    def live(self) -> "AfterSaleQuerySet":
        """Cases whose pieces count: neither refused nor cancelled."""
        return self.exclude(state__in=AfterSale.DEAD)

    def unfinished(self) -> "AfterSaleQuerySet":
        """Cases on which somebody still has to do something."""
        return self.filter(state__in=AfterSale.OPEN)


class AfterSale(models.Model):
    """One case: some pieces of one order, one wish, one reason. Moves only along `MOVES`."""

    class Kind(models.TextChoices):
        REFUND_ONLY = "refund_only", _("refund without return")
        RETURN_REFUND = "return_refund", _("return and refund")
        EXCHANGE = "exchange", pgettext_lazy("after-sales", "exchange")

    class State(models.TextChoices):
        REQUESTED = "requested", _("requested")
        APPROVED = "approved", pgettext_lazy("after-sales", "approved, waits for a second yes")
        AWAITING_RETURN = "awaiting_return", _("waits for the goods")
        RETURNING = "returning", _("goods on their way back")
        INSPECTED = "inspected", _("goods inspected")
        REFUNDING = "refunding", _("money on its way")
        DONE = "done", pgettext_lazy("after-sales", "done")
        REFUSED = "refused", pgettext_lazy("after-sales", "refused")
        CANCELLED = "cancelled", pgettext_lazy("after-sales", "withdrawn")

    DEAD = (State.REFUSED, State.CANCELLED)
    OPEN = (
        State.REQUESTED,
        State.APPROVED,
        State.AWAITING_RETURN,
        State.RETURNING,
        State.INSPECTED,
        State.REFUNDING,
    )

    number = models.CharField(_("number"), max_length=32, unique=True)
    order = models.ForeignKey(
        "orders.Order", models.PROTECT, related_name="after_sales", verbose_name=_("order")
    )
    member = models.ForeignKey(
        "members.Member", models.PROTECT, related_name="after_sales", verbose_name=_("member")
    )
    kind = models.CharField(_("kind"), max_length=15, choices=Kind)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason)
    text = models.CharField(
        _("in the buyer's words"), max_length=500, blank=True, validators=[refuse_unsafe_text]
    )
    state = models.CharField(_("state"), max_length=15, choices=State, default=State.REQUESTED)
    requested_at = models.DateTimeField(_("requested at"))
    due_at = models.DateTimeField(
        _("next step due"), null=True, blank=True, help_text=_("Whoever's turn it is.")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    goods_fen = FenField(
        _("for the goods"), default=0, help_text=_("Sum of the lines; never more than was paid.")
    )
    freight_fen = FenField(_("freight that comes back"), default=0)
    gift_charge_fen = FenField(
        _("charged for gifts"), default=0, help_text=_("Declared value of gifts that stayed.")
    )
    points_back = models.PositiveIntegerField(_("points that come back"), default=0)
    points_taken = models.PositiveIntegerField(_("earned points taken back"), default=0)
    growth_taken_fen = FenField(_("growth taken back"), default=0)
    carrier = models.CharField(_("carrier of the return"), max_length=20, blank=True)
    tracking_no = models.CharField(
        _("tracking number of the return"),
        max_length=40,
        blank=True,
        validators=[refuse_unsafe_text],
    )
    return_freight_fen = FenField(
        _("return freight"), default=0, help_text=_("What sending back cost the buyer.")
    )
    freight_payer = models.CharField(
        _("return freight is paid by"),
        max_length=10,
        blank=True,
        choices=[
            ("buyer", _("buyer")),
            ("merchant", pgettext_lazy("payer", "shop")),
            ("supplier", _("supplier")),
        ],
    )
    replacement = models.OneToOneField(
        "orders.Shipment",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaces",
        verbose_name=_("parcel of the replacement"),
    )

    objects = AfterSaleQuerySet.as_manager()

    class Meta:
        verbose_name = _("after-sales case")
        verbose_name_plural = _("after-sales cases")
        ordering = ["-pk"]
        permissions = [
            ("approve_aftersale", _("Can decide on after-sales cases")),
            ("inspect_aftersale", _("Can inspect returned goods")),
            ("refund_aftersale", _("Can give the second yes to large refunds")),
        ]
        indexes = [
            models.Index(fields=["member", "-id"], name="after_sale_of_member"),
            models.Index(fields=["state", "due_at"], name="after_sale_queue"),
            models.Index(fields=["reason", "requested_at"], name="after_sale_reason"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="after_sale_has_reason"),
            models.CheckConstraint(
                condition=Q(goods_fen__gte=0, freight_fen__gte=0, gift_charge_fen__gte=0)
                & Q(gift_charge_fen__lte=F("goods_fen") + F("freight_fen")),
                name="after_sale_amounts_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def money_fen(self) -> int:
        """What goes back to where it was paid from."""
        return self.goods_fen + self.freight_fen - self.gift_charge_fen

    @property
    def is_open(self) -> bool:
        """Somebody still has to do something."""
        return self.state in self.OPEN


class AfterSaleLine(models.Model):
    """Pieces of one order line in one case. ``entitled_fen`` is what the frozen price gives for
    them, ``amount_fen`` what was granted: never more."""

    after_sale = models.ForeignKey(
        AfterSale, models.PROTECT, related_name="lines", verbose_name=_("after-sales case")
    )
    line = models.ForeignKey(
        "orders.OrderLine",
        models.PROTECT,
        related_name="after_sale_lines",
        verbose_name=_("order line"),
    )
    quantity = models.PositiveIntegerField(_("pieces"))
    unshipped = models.PositiveIntegerField(
        _("of them not shipped"), default=0, help_text=_("Held back from packing meanwhile.")
    )
    entitled_fen = FenField(_("share of the price"), default=0)
    amount_fen = FenField(_("granted"), default=0)
    points_back = models.PositiveIntegerField(_("points that come back"), default=0)
    exchange_sku = models.ForeignKey(
        "catalog.Sku",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("exchanged for"),
    )
    is_gift = models.BooleanField(
        _("gift that goes along"), default=False, help_text=_("Its goods go back, so it does too.")
    )
    grades = models.JSONField(
        _("grades"), default=dict, blank=True, help_text=_("Pieces by grade, after inspection.")
    )
    part_grades = models.JSONField(
        _("grades of the parts"),
        null=True,
        blank=True,
        help_text=_("Of a bundle: pieces by grade, for each SKU in it."),
    )

    class Meta:
        verbose_name = _("line of a case")
        verbose_name_plural = _("lines of a case")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["after_sale", "line"], name="after_sale_line_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, unshipped__lte=F("quantity")),
                name="after_sale_line_pieces",
            ),
            models.CheckConstraint(
                condition=Q(amount_fen__gte=0, amount_fen__lte=F("entitled_fen")),
                name="after_sale_line_never_more",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} x {self.quantity}"

    @property
    def missing_parts(self) -> dict[int, int]:
        """Of a bundle whose parts were graded: pieces that did not come back, by SKU id."""
        if self.part_grades is None:
            return {}
        sent = self.quantity - self.unshipped
        came = {sku_id: sum(grades.values()) for sku_id, grades in self.part_grades.items()}
        missing = {
            part["sku_id"]: sent * part["quantity"] - came.get(str(part["sku_id"]), 0)
            for part in self.line.parts or ()
        }
        return {sku_id: pieces for sku_id, pieces in missing.items() if pieces}


class AfterSaleEvent(models.Model):
    """One step of a case: what, who, when. Append-only."""

    after_sale = models.ForeignKey(
        AfterSale, models.PROTECT, related_name="events", verbose_name=_("after-sales case")
    )
    from_state = models.CharField(pgettext_lazy("status", "from"), max_length=15, blank=True)
    to_state = models.CharField(pgettext_lazy("status", "to"), max_length=15)
    code = models.CharField(_("what"), max_length=30)
    note = models.CharField(_("note"), max_length=200, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("step of a case")
        verbose_name_plural = _("steps of a case")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.from_state} -> {self.to_state}"


class Upload(models.Model):
    """A picture or a video somebody sent in, until a case or a review uses it; only its owner
    can. Videos are for reviews."""

    class Purpose(models.TextChoices):
        REVIEW = "review", _("review")
        AFTER_SALE = "after_sale", _("after-sales")
        AVATAR = "avatar", _("portrait")

    member = models.ForeignKey(
        "members.Member", models.PROTECT, related_name="uploads", verbose_name=_("member")
    )
    media = models.ForeignKey(
        "catalog.Media",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture"),
    )
    video = models.ForeignKey(
        "catalog.Video",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("video"),
    )
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose)
    after_sale = models.ForeignKey(
        AfterSale,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="pictures",
        verbose_name=_("after-sales case"),
    )
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("sent-in picture")
        verbose_name_plural = _("sent-in pictures")
        ordering = ["pk"]
        indexes = [models.Index(fields=["member", "created_at"], name="upload_of_member")]
        constraints = [
            models.CheckConstraint(
                condition=Q(media__isnull=False, video__isnull=True)
                | Q(media__isnull=True, video__isnull=False, purpose="review"),
                name="upload_is_a_picture_or_a_video",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"


class PickupRequest(models.Model):
    """A carrier comes to the buyer's door for returned goods, in a window of time (O-46)."""

    class Window(models.TextChoices):
        MORNING = "09-12", _("9:00 to 12:00")
        AFTERNOON = "12-15", _("12:00 to 15:00")
        LATE = "15-18", _("15:00 to 18:00")
        EVENING = "18-21", _("18:00 to 21:00")

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("door pick-up", "to be booked")
        BOOKED = "booked", pgettext_lazy("door pick-up", "booked with the carrier")
        COLLECTED = "collected", pgettext_lazy("door pick-up", "collected")
        CANCELLED = "cancelled", pgettext_lazy("door pick-up", "cancelled")

    after_sale = models.OneToOneField(
        AfterSale, models.PROTECT, related_name="pickup", verbose_name=_("after-sales case")
    )
    day = models.DateField(_("day"))
    window = models.CharField(_("time window"), max_length=5, choices=Window)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    carrier = models.CharField(_("carrier"), max_length=20, blank=True)
    carrier_no = models.CharField(_("carrier's number"), max_length=40, blank=True)
    contact_name = models.CharField(_("name"), max_length=40)
    contact_phone = models.CharField(_("phone"), max_length=11)
    address = models.CharField(_("address"), max_length=300)
    created_at = models.DateTimeField(_("created at"))
    tries = models.PositiveSmallIntegerField(
        _("tries"), default=0, db_default=0, help_text=_("How often the carrier did not answer.")
    )
    next_try_at = models.DateTimeField(_("next try at"), null=True, blank=True)
    called_off_at = models.DateTimeField(
        _("called off at"), null=True, blank=True, help_text=_("When the carrier heard of it.")
    )

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("door pick-up")
        verbose_name_plural = _("door pick-ups")
        ordering = ["day", "window", "pk"]

    def __str__(self) -> str:
        return f"{self.day} {self.window}"
