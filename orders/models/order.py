"""Orders, their frozen lines and price steps, their history. Source: design.md, sections 5 and 8;
INV-07, 09 to 13."""

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mall.kernel.db import FenField, LockableQuerySet, refuse_unsafe_text


class OrderQuerySet(LockableQuerySet):
    def of_member(self, member_id: int) -> "OrderQuerySet":
        return self.filter(member_id=member_id)

    def not_grouping(self) -> "OrderQuerySet":
        """Without the paid orders that wait for their group: nothing of them is sent yet."""
        return self.exclude(stage=Order.Stage.GROUPING)


class Order(models.Model):
    """One deal. Amounts are frozen at placement; status moves only along ``orders.states``."""

    class Status(models.TextChoices):
        UNPAID = "unpaid", _("to pay")
        PAID = "paid", _("to ship")
        PART_SHIPPED = "part_shipped", _("partly shipped")
        SHIPPED = "shipped", _("to receive")
        RECEIVED = "received", _("received")
        COMPLETED = "completed", _("completed")
        CLOSED = "closed", _("closed")

    class Stage(models.TextChoices):
        """What goes on inside a status; empty for nothing special."""

        DEPOSIT_PAID = "deposit_paid", _("deposit paid")
        GROUPING = "grouping", _("waiting for the group")
        IN_REVIEW = "in_review", _("in review")
        TO_PACK = "to_pack", _("to pack")
        PACKED = "packed", _("packed")
        CLOSING = "closing", _("closing")

    class CloseReason(models.TextChoices):
        TIMEOUT = "timeout", _("not paid in time")
        BUYER = "buyer", _("cancelled by the buyer")
        OPERATOR = "operator", _("closed by the shop")
        REFUNDED = "refunded", _("refunded")

    class Source(models.TextChoices):
        WEB = "web", _("web")
        MINIPROGRAM = "miniprogram", _("mini-program")
        IMPORT = "import", _("imported")
        DEMO = "demo", _("demo")

    class Delivery(models.TextChoices):
        CARRIER = "carrier", _("sent by a carrier")
        PICKUP = "pickup", _("picked up in a store")

    class Device(models.TextChoices):
        UNKNOWN = "", _("not known")
        DESKTOP = "desktop", _("computer")
        PHONE = "phone", _("phone")
        TABLET = "tablet", _("tablet")

    number = models.CharField(_("number"), max_length=32, unique=True)
    member = models.ForeignKey(
        "members.Member",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="orders",
        verbose_name=_("member"),
    )
    source = models.CharField(_("source"), max_length=15, choices=Source, default=Source.WEB)
    channel = models.CharField(
        _("sales channel"),
        max_length=20,
        blank=True,
        help_text=_("A code of the registry; empty: the channel of the source."),
    )
    device = models.CharField(
        _("device"), max_length=10, choices=Device, default=Device.UNKNOWN, blank=True
    )
    campaign = models.CharField(
        _("campaign of the link"), max_length=60, blank=True, validators=[refuse_unsafe_text]
    )
    experiments = models.JSONField(
        _("experiments"), default=dict, blank=True, help_text=_("Experiment to variant.")
    )
    delivery = models.CharField(
        _("delivery"), max_length=10, choices=Delivery, default=Delivery.CARRIER
    )
    status = models.CharField(_("status"), max_length=15, choices=Status, default=Status.UNPAID)
    stage = models.CharField(_("stage"), max_length=15, choices=Stage, blank=True)
    close_reason = models.CharField(
        _("reason of closing"), max_length=10, choices=CloseReason, blank=True
    )
    placed_at = models.DateTimeField(_("placed at"))
    expires_at = models.DateTimeField(_("to be paid until"), null=True, blank=True)
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    shipped_at = models.DateTimeField(_("shipped at"), null=True, blank=True)
    receive_due_at = models.DateTimeField(_("received at the latest"), null=True, blank=True)
    received_at = models.DateTimeField(_("received at"), null=True, blank=True)
    completed_at = models.DateTimeField(_("completed at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    goods_fen = FenField(pgettext_lazy("amount", "goods"))
    discount_fen = FenField(_("discounts"), default=0)
    freight_fen = FenField(_("freight"), default=0)
    freight_base_fen = FenField(_("freight before reductions"), default=0)
    freight_steps = models.JSONField(_("freight steps"), default=list)
    freight_shops = models.JSONField(
        _("freight by shop"),
        default=list,
        help_text=_('A list of {"id", "title_zh", "title_en", "base_fen", "freight_fen"}.'),
    )
    points_used = models.PositiveIntegerField(_("points used"), default=0)
    points_earned = models.PositiveIntegerField(_("points to earn"), default=0)
    payable_fen = FenField(_("payable"))
    paid_fen = FenField(_("paid"), default=0)
    refunded_fen = FenField(_("refunded"), default=0)
    freight_refunded_fen = FenField(
        _("freight refunded"), default=0, help_text=_("Part of what was refunded; once at most.")
    )
    settled_fen = FenField(
        _("settled"), default=0, help_text=_("What went from escrow to the sellers.")
    )
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    receiver_name = models.CharField(_("receiver"), max_length=40, blank=True)
    receiver_phone = models.CharField(_("receiver's phone"), max_length=11, blank=True)
    region_code = models.CharField(_("region"), max_length=9, blank=True)
    region_names = ArrayField(
        models.CharField(max_length=60), verbose_name=_("region names"), default=list
    )
    address_detail = models.CharField(_("street and number"), max_length=120, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True, validators=[refuse_unsafe_text])
    invoice = models.JSONField(_("invoice"), null=True, blank=True)
    quote_hash = models.CharField(_("quote"), max_length=64, blank=True)
    price_version = models.PositiveSmallIntegerField(_("price version"), default=1)
    is_hidden = models.BooleanField(_("hidden by the buyer"), default=False)
    is_priority = models.BooleanField(
        _("priority"), default=False, help_text=_("Packed before the others (O-21).")
    )
    offer_kind = models.CharField(
        _("activity"), max_length=12, blank=True, help_text=_("The kind it was ordered in.")
    )
    offer_id = models.BigIntegerField(_("activity id"), null=True, blank=True)
    offer_reference = models.CharField(_("activity reference"), max_length=40, blank=True)
    deposit_fen = FenField(_("deposit"), default=0, help_text=_("Paid first; 0: paid at once."))
    deposit_comes_back = models.BooleanField(
        _("deposit comes back"), default=False, help_text=_("When the balance is not paid.")
    )
    balance_from = models.DateTimeField(_("balance payable from"), null=True, blank=True)
    balance_until = models.DateTimeField(_("balance payable until"), null=True, blank=True)
    ships_on = models.DateField(
        _("ships on"), null=True, blank=True, help_text=_("The day a presale promised.")
    )

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        permissions = [
            ("export_order", _("Takes orders out as a file")),
            ("export_phones", _("Whole phone numbers in that file")),
            ("reprice_order", _("Lowers the price of unpaid orders")),
        ]
        indexes = [
            models.Index(fields=["member", "-placed_at", "-id"], name="order_of_member"),
            models.Index(fields=["status", "-placed_at", "-id"], name="order_by_status"),
            models.Index(fields=["-placed_at", "-id"], name="order_newest"),
            models.Index(
                fields=["expires_at"], name="order_unpaid_due", condition=Q(status="unpaid")
            ),
            models.Index(
                fields=["receive_due_at"], name="order_receive_due", condition=Q(status="shipped")
            ),
            models.Index(
                fields=["received_at"], name="order_complete_due", condition=Q(status="received")
            ),
            models.Index(
                fields=["closed_at"],
                name="order_closed_with_money",
                condition=Q(status="closed", paid_fen__gt=0, settled_at__isnull=True),
            ),
            models.Index(
                fields=["paid_at"], name="order_paid_at", condition=Q(paid_at__isnull=False)
            ),
            models.Index(
                fields=["-is_priority", "paid_at", "id"],
                name="order_to_pack",
                condition=Q(status__in=["paid", "part_shipped"]),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(payable_fen=F("goods_fen") - F("discount_fen") + F("freight_fen")),
                name="order_sums_up",
            ),
            models.CheckConstraint(
                condition=Q(
                    goods_fen__gte=0, discount_fen__gte=0, freight_fen__gte=0, payable_fen__gte=0
                ),
                name="order_amounts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(refunded_fen__gte=0, refunded_fen__lte=F("paid_fen")),
                name="order_refunded_lte_paid",
            ),
            models.CheckConstraint(
                condition=Q(
                    freight_refunded_fen__gte=0, freight_refunded_fen__lte=F("freight_fen")
                ),
                name="order_freight_refunded_lte_freight",
            ),
            models.CheckConstraint(
                condition=Q(deposit_fen=0, balance_until__isnull=True)
                | Q(
                    deposit_fen__gt=0,
                    deposit_fen__lt=F("payable_fen"),
                    balance_until__gt=F("balance_from"),
                ),
                name="order_deposit_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def awaits_balance(self) -> bool:
        """The deposit is paid, the rest is not."""
        return self.status == self.Status.UNPAID and self.deposit_fen > 0 and self.paid_fen > 0

    @property
    def due_fen(self) -> int:
        """What is to be paid next: the whole, a presale's deposit, or its balance."""
        if self.status != self.Status.UNPAID:
            return 0
        if self.awaits_balance:
            return self.payable_fen - self.deposit_fen
        return self.deposit_fen or self.payable_fen

    def leg_fen(self, leg: str) -> int:
        """What a payment of this leg must amount to."""
        amounts = {"deposit": self.deposit_fen, "balance": self.payable_fen - self.deposit_fen}
        return amounts.get(leg, self.payable_fen)

    def is_payable_at(self, at: datetime) -> bool:
        """It waits for money, and its time to pay is neither over nor still to come."""
        is_open = self.status == self.Status.UNPAID and self.stage != self.Stage.CLOSING
        early = self.awaits_balance and self.balance_from is not None and at < self.balance_from
        return is_open and not early and (self.expires_at is None or self.expires_at > at)

    @property
    def is_billable(self) -> bool:
        """Something is left to write an invoice about: not closed, not paid back whole."""
        return self.status != self.Status.CLOSED and self.refunded_fen < self.payable_fen

    @property
    def is_received(self) -> bool:
        """The goods are with the buyer: reviews and after-sales are about something real."""
        return self.status in (self.Status.RECEIVED, self.Status.COMPLETED)


class OrderLine(models.Model):
    """One line as it was sold: title, options and amounts frozen (INV-10)."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="lines", verbose_name=_("order"))
    position = models.PositiveSmallIntegerField(_("position"))
    sku = models.ForeignKey(
        "catalog.Sku", models.PROTECT, null=True, related_name="order_lines", verbose_name=_("SKU")
    )
    product = models.ForeignKey(
        "catalog.Product",
        models.PROTECT,
        null=True,
        related_name="order_lines",
        verbose_name=_("product"),
    )
    sku_code = models.CharField(_("SKU"), max_length=60)
    title_zh = models.CharField(_("title (Chinese)"), max_length=120)
    title_en = models.CharField(_("title (English)"), max_length=160, blank=True)
    options = models.JSONField(
        _("options"),
        default=list,
        help_text=_('A list of {"title_zh", "title_en", "value_zh", "value_en"}.'),
    )
    image = models.JSONField(
        _("picture"),
        null=True,
        blank=True,
        help_text=_("The stored picture: file, width, height, widths and texts."),
    )
    quantity = models.PositiveIntegerField(_("quantity"))
    parts = models.JSONField(
        _("parts"),
        null=True,
        blank=True,
        help_text=_(
            "Of a bundle, as it was sold: SKU, code, titles, options, picture and pieces of each."
        ),
    )
    is_gift = models.BooleanField(_("gift"), default=False)
    source = models.CharField(
        _("came from"),
        max_length=60,
        blank=True,
        help_text=_("What led to it, and which one: live:12, content:spring, share:..."),
    )
    list_fen = FenField(_("list price"), help_text=_("Of the whole line."))
    payable_fen = FenField(_("payable"), help_text=_("Of the whole line."))
    price_version = models.PositiveSmallIntegerField(_("price version"), default=1)
    shipped = models.PositiveIntegerField(_("shipped"), default=0)
    refunded = models.PositiveIntegerField(_("refunded"), default=0)
    refunded_fen = FenField(_("refunded"), default=0)
    refunding = models.PositiveIntegerField(
        _("in after-sales"), default=0, help_text=_("Pieces in cases that are not decided yet.")
    )
    refunding_fen = FenField(_("in after-sales"), default=0)
    withdrawing = models.PositiveIntegerField(
        pgettext_lazy("order line", "held back"),
        default=0,
        help_text=_("Unshipped pieces that may yet be paid back."),
    )
    withdrawn = models.PositiveIntegerField(
        _("paid back unshipped"), default=0, help_text=_("Pieces that will never be shipped.")
    )
    gift_for = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("gift for"),
        default=list,
        blank=True,
        help_text=_("Positions of the lines it came with."),
    )

    objects = LockableQuerySet.as_manager()

    class Meta:
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="order_line_position"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, list_fen__gte=F("payable_fen"), payable_fen__gte=0),
                name="order_line_in_order",
            ),
            models.CheckConstraint(
                condition=Q(shipped__lte=F("quantity"), refunded__lte=F("quantity")),
                name="order_line_pieces_in_order",
            ),
            models.CheckConstraint(
                condition=Q(refunded_fen__gte=0, refunded_fen__lte=F("payable_fen")),
                name="order_line_refunded_lte_payable",
            ),
            models.CheckConstraint(
                condition=Q(
                    refunding_fen__gte=0,
                    refunding__lte=F("quantity") - F("refunded"),
                    refunding_fen__lte=F("payable_fen") - F("refunded_fen"),
                ),
                name="order_line_refunding_fits",
            ),
            models.CheckConstraint(
                condition=Q(withdrawing__lte=F("quantity") - F("shipped") - F("withdrawn")),
                name="order_line_unshipped_fits",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku_code} x {self.quantity}"

    @property
    def parts_text(self) -> str:
        """What one bundle of the line is made of, by code; empty for ordinary goods."""
        return " + ".join(f"{part['code']} × {part['quantity']}" for part in self.parts or ())


class OrderLineStep(models.Model):
    """One named change of price on one line: the receipt's rows. Append-only."""

    line = models.ForeignKey(
        OrderLine, models.PROTECT, related_name="steps", verbose_name=_("order line")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    lane = models.CharField(_("lane"), max_length=15)
    kind = models.CharField(_("kind"), max_length=30)
    source_id = models.BigIntegerField(_("source"), null=True)
    version = models.PositiveIntegerField(_("version"), default=1)
    label_code = models.CharField(_("label"), max_length=40)
    label_params = models.JSONField(_("label values"), default=dict)
    amount_fen = FenField(_("off"), help_text=_("Positive lowers the price."))

    class Meta:
        verbose_name = _("price step")
        verbose_name_plural = _("price steps")
        ordering = ["position"]
        indexes = [models.Index(fields=["kind", "source_id"], name="order_step_source")]
        constraints = [
            models.UniqueConstraint(fields=["line", "position"], name="order_step_position"),
        ]

    def __str__(self) -> str:
        return f"{self.label_code} {self.amount_fen}"


class OrderHistory(models.Model):
    """One move of an order: from, to, who, when. Append-only (INV-11, INV-30)."""

    order = models.ForeignKey(
        Order, models.PROTECT, related_name="history", verbose_name=_("order")
    )
    from_status = models.CharField(pgettext_lazy("status", "from"), max_length=15, blank=True)
    to_status = models.CharField(pgettext_lazy("status", "to"), max_length=15)
    code = models.CharField(_("what"), max_length=30)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("order history")
        verbose_name_plural = _("order history")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.from_status} -> {self.to_status}"
