import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import mall.kernel.db.fields
import mall.kernel.db.text


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("catalog", "0011_order_limit"),
        ("members", "0009_after_sales"),
        ("members", "__first__"),
        ("orders", "0015_usual_carriers"),
    ]

    operations = [
        migrations.CreateModel(
            name="AfterSale",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=32, unique=True, verbose_name="number")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("refund_only", "refund without return"),
                            ("return_refund", "return and refund"),
                            ("exchange", "exchange"),
                        ],
                        max_length=15,
                        verbose_name="kind",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("size", "size does not fit"),
                            ("quality", "poor quality"),
                            ("not_as_described", "not as described"),
                            ("no_reason", "7 days, no reason asked"),
                            ("damaged", "damaged on the way"),
                            ("not_received", "not received"),
                            ("unwanted", "not wanted any more"),
                            ("other", "other"),
                        ],
                        max_length=20,
                        verbose_name="reason",
                    ),
                ),
                (
                    "text",
                    models.CharField(
                        blank=True,
                        max_length=500,
                        validators=[mall.kernel.db.text.refuse_unsafe_text],
                        verbose_name="in the buyer's words",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "requested"),
                            ("approved", "approved, waits for a second yes"),
                            ("awaiting_return", "waits for the goods"),
                            ("returning", "goods on their way back"),
                            ("inspected", "goods inspected"),
                            ("refunding", "money on its way"),
                            ("done", "done"),
                            ("refused", "refused"),
                            ("cancelled", "withdrawn"),
                        ],
                        default="requested",
                        max_length=15,
                        verbose_name="state",
                    ),
                ),
                ("requested_at", models.DateTimeField(verbose_name="requested at")),
                (
                    "due_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Whoever's turn it is.",
                        null=True,
                        verbose_name="next step due",
                    ),
                ),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="decided at"),
                ),
                (
                    "closed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="closed at"),
                ),
                (
                    "goods_fen",
                    mall.kernel.db.fields.FenField(
                        default=0,
                        help_text="Sum of the lines; never more than was paid.",
                        verbose_name="for the goods",
                    ),
                ),
                (
                    "freight_fen",
                    mall.kernel.db.fields.FenField(
                        default=0, verbose_name="freight that comes back"
                    ),
                ),
                (
                    "gift_charge_fen",
                    mall.kernel.db.fields.FenField(
                        default=0,
                        help_text="Declared value of gifts that stayed.",
                        verbose_name="charged for gifts",
                    ),
                ),
                (
                    "points_back",
                    models.PositiveIntegerField(default=0, verbose_name="points that come back"),
                ),
                (
                    "points_taken",
                    models.PositiveIntegerField(default=0, verbose_name="earned points taken back"),
                ),
                (
                    "growth_taken_fen",
                    mall.kernel.db.fields.FenField(default=0, verbose_name="growth taken back"),
                ),
                (
                    "carrier",
                    models.CharField(
                        blank=True, max_length=20, verbose_name="carrier of the return"
                    ),
                ),
                (
                    "tracking_no",
                    models.CharField(
                        blank=True,
                        max_length=40,
                        validators=[mall.kernel.db.text.refuse_unsafe_text],
                        verbose_name="tracking number of the return",
                    ),
                ),
                (
                    "return_freight_fen",
                    mall.kernel.db.fields.FenField(
                        default=0,
                        help_text="What sending back cost the buyer.",
                        verbose_name="return freight",
                    ),
                ),
                (
                    "freight_payer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("buyer", "buyer"),
                            ("merchant", "shop"),
                            ("supplier", "supplier"),
                        ],
                        max_length=10,
                        verbose_name="return freight is paid by",
                    ),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="approved by",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="after_sales",
                        to="members.member",
                        verbose_name="member",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="after_sales",
                        to="orders.order",
                        verbose_name="order",
                    ),
                ),
                (
                    "replacement",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaces",
                        to="orders.shipment",
                        verbose_name="parcel of the replacement",
                    ),
                ),
            ],
            options={
                "verbose_name": "after-sales case",
                "verbose_name_plural": "after-sales cases",
                "ordering": ["-pk"],
                "permissions": [
                    ("approve_aftersale", "Can decide on after-sales cases"),
                    ("inspect_aftersale", "Can inspect returned goods"),
                    ("refund_aftersale", "Can give the second yes to large refunds"),
                ],
                "indexes": [
                    models.Index(fields=["member", "-id"], name="after_sale_of_member"),
                    models.Index(fields=["state", "due_at"], name="after_sale_queue"),
                    models.Index(fields=["reason", "requested_at"], name="after_sale_reason"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="after_sale_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("freight_fen__gte", 0),
                            ("gift_charge_fen__gte", 0),
                            ("goods_fen__gte", 0),
                            (
                                "gift_charge_fen__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("goods_fen"), "+", models.F("freight_fen")
                                ),
                            ),
                        ),
                        name="after_sale_amounts_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AfterSaleEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("from_state", models.CharField(blank=True, max_length=15, verbose_name="from")),
                ("to_state", models.CharField(max_length=15, verbose_name="to")),
                ("code", models.CharField(max_length=30, verbose_name="what")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
                (
                    "after_sale",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="orders.aftersale",
                        verbose_name="after-sales case",
                    ),
                ),
            ],
            options={
                "verbose_name": "step of a case",
                "verbose_name_plural": "steps of a case",
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="AfterSaleLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("quantity", models.PositiveIntegerField(verbose_name="pieces")),
                (
                    "unshipped",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="Held back from packing meanwhile.",
                        verbose_name="of them not shipped",
                    ),
                ),
                (
                    "entitled_fen",
                    mall.kernel.db.fields.FenField(default=0, verbose_name="share of the price"),
                ),
                ("amount_fen", mall.kernel.db.fields.FenField(default=0, verbose_name="granted")),
                (
                    "points_back",
                    models.PositiveIntegerField(default=0, verbose_name="points that come back"),
                ),
                (
                    "is_gift",
                    models.BooleanField(
                        default=False,
                        help_text="Its goods go back, so it does too.",
                        verbose_name="gift that goes along",
                    ),
                ),
                (
                    "grades",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="Pieces by grade, after inspection.",
                        verbose_name="grades",
                    ),
                ),
                (
                    "after_sale",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="orders.aftersale",
                        verbose_name="after-sales case",
                    ),
                ),
                (
                    "exchange_sku",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.sku",
                        verbose_name="exchanged for",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="after_sale_lines",
                        to="orders.orderline",
                        verbose_name="order line",
                    ),
                ),
            ],
            options={
                "verbose_name": "line of a case",
                "verbose_name_plural": "lines of a case",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("after_sale", "line"), name="after_sale_line_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("quantity__gt", 0), ("unshipped__lte", models.F("quantity"))
                        ),
                        name="after_sale_line_pieces",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount_fen__gte", 0), ("amount_fen__lte", models.F("entitled_fen"))
                        ),
                        name="after_sale_line_never_more",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AfterSalePolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "no_reason_days",
                    models.PositiveSmallIntegerField(
                        default=7,
                        help_text="0: not offered for these goods.",
                        verbose_name="days without a reason",
                    ),
                ),
                (
                    "quality_days",
                    models.PositiveSmallIntegerField(
                        default=30,
                        help_text="Poor quality, not as described, damaged, not received.",
                        verbose_name="days for faults",
                    ),
                ),
                (
                    "exchange_days",
                    models.PositiveSmallIntegerField(
                        default=15, verbose_name="days for an exchange"
                    ),
                ),
                (
                    "gift_policy",
                    models.CharField(
                        choices=[
                            ("return", "comes back, else it is charged at its declared value"),
                            ("charge", "is charged at its declared value"),
                            ("keep", "stays with the buyer"),
                        ],
                        default="return",
                        max_length=10,
                        verbose_name="gifts",
                    ),
                ),
                (
                    "note_zh",
                    models.CharField(blank=True, max_length=200, verbose_name="note (Chinese)"),
                ),
                (
                    "note_en",
                    models.CharField(blank=True, max_length=200, verbose_name="note (English)"),
                ),
                (
                    "category",
                    models.OneToOneField(
                        blank=True,
                        help_text="Empty: for every category without a row of its own.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="after_sale_policy",
                        to="catalog.category",
                        verbose_name="category",
                    ),
                ),
            ],
            options={
                "verbose_name": "after-sales policy",
                "verbose_name_plural": "after-sales policies",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("category",), name="after_sale_policy_once", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quality_days__gte", models.F("no_reason_days"))),
                        name="after_sale_policy_faults_last_longer",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Compensation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=32, unique=True, verbose_name="number")),
                ("amount_fen", mall.kernel.db.fields.FenField(verbose_name="amount")),
                (
                    "reason",
                    models.CharField(
                        max_length=200,
                        validators=[mall.kernel.db.text.refuse_unsafe_text],
                        verbose_name="reason",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "waits for approval"),
                            ("paid", "paid"),
                            ("refused", "refused"),
                        ],
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("requested_at", models.DateTimeField(verbose_name="asked at")),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="decided at"),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="compensations",
                        to="orders.order",
                        verbose_name="order",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked by",
                    ),
                ),
            ],
            options={
                "verbose_name": "compensation",
                "verbose_name_plural": "compensations",
                "ordering": ["-pk"],
                "permissions": [
                    ("approve_compensation", "Can decide on compensations above the limit")
                ],
                "indexes": [
                    models.Index(fields=["requested_by", "requested_at"], name="compensation_day")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_fen__gt", 0)), name="compensation_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("requested_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="compensation_second_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaymentAlarm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("provider", models.CharField(max_length=15, verbose_name="provider")),
                ("hour", models.DateTimeField(verbose_name="hour")),
                ("attempts", models.PositiveIntegerField(verbose_name="attempts")),
                ("paid", models.PositiveIntegerField(verbose_name="paid")),
                ("raised_at", models.DateTimeField(verbose_name="raised at")),
            ],
            options={
                "verbose_name": "payment alarm",
                "verbose_name_plural": "payment alarms",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("provider", "hour"), name="payment_alarm_once_an_hour"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PaymentPolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "alarm_below_bp",
                    mall.kernel.db.fields.BpField(
                        default=8000,
                        help_text="Basis points: 9500 means 95 %.",
                        verbose_name="alarm below",
                    ),
                ),
                (
                    "least_attempts",
                    models.PositiveSmallIntegerField(
                        default=5,
                        help_text="A rate of fewer attempts is chance, and raises no alarm.",
                        verbose_name="attempts in an hour",
                    ),
                ),
            ],
            options={
                "verbose_name": "alarm of payments",
                "verbose_name_plural": "alarm of payments",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="payment_policy_one_row"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("alarm_below_bp__gte", 0),
                            ("alarm_below_bp__lte", 10000),
                            ("least_attempts__gt", 0),
                        ),
                        name="payment_policy_in_range",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PickupRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                (
                    "window",
                    models.CharField(
                        choices=[
                            ("09-12", "9:00 to 12:00"),
                            ("12-15", "12:00 to 15:00"),
                            ("15-18", "15:00 to 18:00"),
                            ("18-21", "18:00 to 21:00"),
                        ],
                        max_length=5,
                        verbose_name="time window",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "to be booked"),
                            ("booked", "booked with the carrier"),
                            ("collected", "collected"),
                            ("cancelled", "cancelled"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("carrier", models.CharField(blank=True, max_length=20, verbose_name="carrier")),
                (
                    "carrier_no",
                    models.CharField(blank=True, max_length=40, verbose_name="carrier's number"),
                ),
                ("contact_name", models.CharField(max_length=40, verbose_name="name")),
                ("contact_phone", models.CharField(max_length=11, verbose_name="phone")),
                ("address", models.CharField(max_length=300, verbose_name="address")),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                (
                    "after_sale",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pickup",
                        to="orders.aftersale",
                        verbose_name="after-sales case",
                    ),
                ),
            ],
            options={
                "verbose_name": "door pick-up",
                "verbose_name_plural": "door pick-ups",
                "ordering": ["day", "window", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ReturnFreightRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("size", "size does not fit"),
                            ("quality", "poor quality"),
                            ("not_as_described", "not as described"),
                            ("no_reason", "7 days, no reason asked"),
                            ("damaged", "damaged on the way"),
                            ("not_received", "not received"),
                            ("unwanted", "not wanted any more"),
                            ("other", "other"),
                        ],
                        max_length=20,
                        unique=True,
                        verbose_name="reason",
                    ),
                ),
                (
                    "payer",
                    models.CharField(
                        choices=[
                            ("buyer", "buyer"),
                            ("merchant", "shop"),
                            ("supplier", "supplier, by its agreement"),
                        ],
                        default="buyer",
                        max_length=10,
                        verbose_name="paid by",
                    ),
                ),
                (
                    "freight_comes_back",
                    models.BooleanField(
                        default=False,
                        help_text="Of goods that were shipped. Freight of an unshipped order always does.",
                        verbose_name="freight comes back",
                    ),
                ),
            ],
            options={
                "verbose_name": "freight rule of returns",
                "verbose_name_plural": "freight rules of returns",
            },
        ),
        migrations.CreateModel(
            name="RiskBlock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("phone", "phone"),
                            ("device", "device"),
                            ("ip", "address"),
                            ("address", "shipping address"),
                            ("member", "member"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        help_text="A phone or member number, or as decisions show it.",
                        max_length=64,
                        verbose_name="key",
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[("activities", "orders in activities"), ("all", "every order")],
                        default="activities",
                        max_length=10,
                        verbose_name="refuses",
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                (
                    "until",
                    models.DateTimeField(
                        blank=True, help_text="Empty: for good.", null=True, verbose_name="until"
                    ),
                ),
                ("created_at", models.DateTimeField(editable=False, verbose_name="created at")),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
            ],
            options={
                "verbose_name": "blacklist entry",
                "verbose_name_plural": "blacklist",
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "key"), name="risk_block_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="RiskDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("pass", "passed"),
                            ("verify", "a code is needed"),
                            ("review", "to be looked at"),
                            ("block", "refused"),
                        ],
                        max_length=10,
                        verbose_name="verdict",
                    ),
                ),
                ("score", models.PositiveIntegerField(verbose_name="points")),
                (
                    "reasons",
                    models.JSONField(
                        default=list,
                        help_text='A list of {"code", "facts", "score"}.',
                        verbose_name="reasons",
                    ),
                ),
                (
                    "is_proved",
                    models.BooleanField(
                        default=False,
                        help_text="A one-time code was given before.",
                        verbose_name="proved by a code",
                    ),
                ),
                (
                    "outside",
                    models.CharField(
                        blank=True,
                        help_text="Whether it answered.",
                        max_length=20,
                        verbose_name="risk service",
                    ),
                ),
                ("device", models.CharField(blank=True, max_length=64, verbose_name="device")),
                ("ip", models.CharField(blank=True, max_length=45, verbose_name="address")),
                (
                    "address",
                    models.CharField(blank=True, max_length=64, verbose_name="shipping address"),
                ),
                ("used_coupon", models.BooleanField(default=False, verbose_name="with a coupon")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.member",
                        verbose_name="member",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="risk_decisions",
                        to="orders.order",
                        verbose_name="order",
                    ),
                ),
            ],
            options={
                "verbose_name": "risk decision",
                "verbose_name_plural": "risk decisions",
                "indexes": [
                    models.Index(fields=["order", "-at"], name="risk_of_order"),
                    models.Index(
                        condition=models.Q(("device", ""), _negated=True),
                        fields=["device", "-at"],
                        name="risk_of_device",
                    ),
                    models.Index(
                        condition=models.Q(("ip", ""), _negated=True),
                        fields=["ip", "-at"],
                        name="risk_of_ip",
                    ),
                    models.Index(
                        condition=models.Q(("address", ""), _negated=True),
                        fields=["address", "-at"],
                        name="risk_of_address",
                    ),
                    models.Index(
                        condition=models.Q(("verdict", "pass"), _negated=True),
                        fields=["-at"],
                        name="risk_list",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RiskPolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_on", models.BooleanField(default=True, verbose_name="judge payments")),
                (
                    "small_fen",
                    mall.kernel.db.fields.FenField(
                        default=100,
                        help_text="In yuan.",
                        min_fen=1,
                        verbose_name="a small payment is below",
                    ),
                ),
                (
                    "small_payments",
                    models.PositiveSmallIntegerField(
                        default=6, verbose_name="small payments in a row"
                    ),
                ),
                (
                    "small_minutes",
                    models.PositiveSmallIntegerField(default=10, verbose_name="within, minutes"),
                ),
                (
                    "small_score",
                    models.PositiveSmallIntegerField(
                        default=50, verbose_name="points for small payments"
                    ),
                ),
                (
                    "place_score",
                    models.PositiveSmallIntegerField(
                        default=40, verbose_name="points for an unusual place"
                    ),
                ),
                (
                    "device_members",
                    models.PositiveSmallIntegerField(
                        default=3, verbose_name="members on one device"
                    ),
                ),
                (
                    "ip_members",
                    models.PositiveSmallIntegerField(
                        default=20, verbose_name="members at one network address"
                    ),
                ),
                (
                    "shared_days",
                    models.PositiveSmallIntegerField(default=7, verbose_name="counted over, days"),
                ),
                (
                    "shared_score",
                    models.PositiveSmallIntegerField(
                        default=40, verbose_name="points for a shared device or network"
                    ),
                ),
                (
                    "coupon_members",
                    models.PositiveSmallIntegerField(
                        default=3, verbose_name="members using coupons for one doorstep or device"
                    ),
                ),
                (
                    "coupon_score",
                    models.PositiveSmallIntegerField(
                        default=60, verbose_name="points for coupon abuse"
                    ),
                ),
                (
                    "burst_orders",
                    models.PositiveSmallIntegerField(
                        default=10, verbose_name="orders for one doorstep or device in a burst"
                    ),
                ),
                (
                    "burst_minutes",
                    models.PositiveSmallIntegerField(
                        default=10, verbose_name="a burst lasts, minutes"
                    ),
                ),
                (
                    "burst_score",
                    models.PositiveSmallIntegerField(default=60, verbose_name="points for a burst"),
                ),
                (
                    "many_pieces",
                    models.PositiveIntegerField(default=50, verbose_name="many pieces of one SKU"),
                ),
                (
                    "many_score",
                    models.PositiveSmallIntegerField(
                        default=60, verbose_name="points for many pieces"
                    ),
                ),
                (
                    "verify_from",
                    models.PositiveSmallIntegerField(
                        default=40, verbose_name="ask for a code from"
                    ),
                ),
                (
                    "review_from",
                    models.PositiveSmallIntegerField(
                        default=60, verbose_name="look at the order from"
                    ),
                ),
                (
                    "block_from",
                    models.PositiveSmallIntegerField(default=160, verbose_name="refuse from"),
                ),
                (
                    "most_unpaid_orders",
                    models.PositiveSmallIntegerField(
                        default=5, verbose_name="unpaid orders of one member"
                    ),
                ),
                (
                    "most_unpaid_pieces",
                    models.PositiveIntegerField(
                        default=200, verbose_name="unpaid pieces of one SKU and member"
                    ),
                ),
            ],
            options={
                "verbose_name": "risk policy",
                "verbose_name_plural": "risk policy",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="risk_policy_one_row"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("review_from__lte", models.F("block_from")),
                            ("verify_from__gt", 0),
                            ("verify_from__lte", models.F("review_from")),
                        ),
                        name="risk_policy_steps_rise",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("most_unpaid_orders__gt", 0), ("most_unpaid_pieces__gt", 0)
                        ),
                        name="risk_policy_lets_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ServiceLimit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "compensation_order_fen",
                    mall.kernel.db.fields.FenField(
                        default=5000, verbose_name="compensation an order"
                    ),
                ),
                (
                    "compensation_day_fen",
                    mall.kernel.db.fields.FenField(
                        default=50000, verbose_name="compensation a day"
                    ),
                ),
                (
                    "refund_order_fen",
                    mall.kernel.db.fields.FenField(default=100000, verbose_name="refund an order"),
                ),
                (
                    "refund_day_fen",
                    mall.kernel.db.fields.FenField(default=1000000, verbose_name="refund a day"),
                ),
                (
                    "group",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="service_limit",
                        to="auth.group",
                        verbose_name="role",
                    ),
                ),
            ],
            options={
                "verbose_name": "service limit",
                "verbose_name_plural": "service limits",
            },
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("review", "review"),
                            ("after_sale", "after-sales"),
                            ("avatar", "portrait"),
                        ],
                        max_length=12,
                        verbose_name="purpose",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                (
                    "after_sale",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pictures",
                        to="orders.aftersale",
                        verbose_name="after-sales case",
                    ),
                ),
                (
                    "media",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.media",
                        verbose_name="picture",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uploads",
                        to="members.member",
                        verbose_name="member",
                    ),
                ),
            ],
            options={
                "verbose_name": "sent-in picture",
                "verbose_name_plural": "sent-in pictures",
                "ordering": ["pk"],
                "indexes": [models.Index(fields=["member", "created_at"], name="upload_of_member")],
            },
        ),
        migrations.AddField(
            model_name="order",
            name="freight_refunded_fen",
            field=mall.kernel.db.fields.FenField(
                default=0,
                help_text="Part of what was refunded; once at most.",
                verbose_name="freight refunded",
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="settled_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="settled at"),
        ),
        migrations.AddField(
            model_name="order",
            name="settled_fen",
            field=mall.kernel.db.fields.FenField(
                default=0, help_text="What went from escrow to the sellers.", verbose_name="settled"
            ),
        ),
        migrations.AddField(
            model_name="orderline",
            name="gift_for",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.PositiveSmallIntegerField(),
                blank=True,
                default=list,
                help_text="Positions of the lines it came with.",
                size=None,
                verbose_name="gift for",
            ),
        ),
        migrations.AddField(
            model_name="orderline",
            name="refunding",
            field=models.PositiveIntegerField(
                default=0,
                help_text="Pieces in cases that are not decided yet.",
                verbose_name="in after-sales",
            ),
        ),
        migrations.AddField(
            model_name="orderline",
            name="refunding_fen",
            field=mall.kernel.db.fields.FenField(default=0, verbose_name="in after-sales"),
        ),
        migrations.AddField(
            model_name="orderline",
            name="withdrawing",
            field=models.PositiveIntegerField(
                default=0,
                help_text="Unshipped pieces that may yet be paid back.",
                verbose_name="held back",
            ),
        ),
        migrations.AddField(
            model_name="orderline",
            name="withdrawn",
            field=models.PositiveIntegerField(
                default=0,
                help_text="Pieces that will never be shipped.",
                verbose_name="paid back unshipped",
            ),
        ),
        migrations.AlterField(
            model_name="shipment",
            name="carrier",
            field=models.ForeignKey(
                db_column="carrier",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="shipments",
                to="orders.carrier",
                to_field="code",
                verbose_name="carrier",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(
                    ("paid_fen__gt", 0), ("settled_at__isnull", True), ("status", "closed")
                ),
                fields=["closed_at"],
                name="order_closed_with_money",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("freight_refunded_fen__gte", 0),
                    ("freight_refunded_fen__lte", models.F("freight_fen")),
                ),
                name="order_freight_refunded_lte_freight",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "refunding__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("quantity"), "-", models.F("refunded")
                        ),
                    ),
                    ("refunding_fen__gte", 0),
                    (
                        "refunding_fen__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("payable_fen"), "-", models.F("refunded_fen")
                        ),
                    ),
                ),
                name="order_line_refunding_fits",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "withdrawing__lte",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("quantity"), "-", models.F("shipped")
                            ),
                            "-",
                            models.F("withdrawn"),
                        ),
                    )
                ),
                name="order_line_unshipped_fits",
            ),
        ),
    ]
