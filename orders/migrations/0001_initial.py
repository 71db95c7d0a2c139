import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import mall.kernel.db.fields
import mall.kernel.db.text


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalog", "0001_initial"),
        ("members", "0001_initial"),
        ("members", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportBatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.CharField(max_length=64, unique=True, verbose_name="digest")),
                ("file_name", models.CharField(max_length=120, verbose_name="file")),
                (
                    "rate_fen",
                    models.PositiveIntegerField(
                        verbose_name="fen per unit of the source's currency"
                    ),
                ),
                ("rows", models.PositiveIntegerField(default=0, verbose_name="rows")),
                ("started_at", models.DateTimeField(verbose_name="started at")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished at")),
            ],
            options={
                "verbose_name": "import",
                "verbose_name_plural": "imports",
            },
        ),
        migrations.CreateModel(
            name="Cart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "token_hash",
                    models.CharField(
                        blank=True,
                        help_text="Digest of a guest's token.",
                        max_length=64,
                        null=True,
                        unique=True,
                        verbose_name="token hash",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0, verbose_name="version")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created at")),
                (
                    "updated_at",
                    models.DateTimeField(auto_now=True, db_index=True, verbose_name="updated at"),
                ),
                (
                    "member",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cart",
                        to="members.member",
                        verbose_name="member",
                    ),
                ),
            ],
            options={
                "verbose_name": "cart",
                "verbose_name_plural": "carts",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("member__isnull", False), ("token_hash__isnull", True)),
                            models.Q(("member__isnull", True), ("token_hash__isnull", False)),
                            _connector="OR",
                        ),
                        name="cart_of_member_or_guest",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CartLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("quantity", models.PositiveSmallIntegerField(verbose_name="quantity")),
                ("is_selected", models.BooleanField(default=True, verbose_name="selected")),
                (
                    "added_price_fen",
                    mall.kernel.db.fields.FenField(verbose_name="price when added"),
                ),
                ("added_at", models.DateTimeField(verbose_name="added at")),
                (
                    "cart",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="orders.cart",
                        verbose_name="cart",
                    ),
                ),
                (
                    "sku",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="catalog.sku",
                        verbose_name="SKU",
                    ),
                ),
            ],
            options={
                "verbose_name": "cart line",
                "verbose_name_plural": "cart lines",
                "ordering": ["-added_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("cart", "sku"), name="cart_line_once_per_sku"),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__range", (1, 999))), name="cart_line_1_to_999"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=32, unique=True, verbose_name="number")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("web", "web"),
                            ("miniprogram", "mini-program"),
                            ("import", "imported"),
                            ("demo", "demo"),
                        ],
                        default="web",
                        max_length=15,
                        verbose_name="source",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("unpaid", "to pay"),
                            ("paid", "to ship"),
                            ("part_shipped", "partly shipped"),
                            ("shipped", "to receive"),
                            ("received", "received"),
                            ("completed", "completed"),
                            ("closed", "closed"),
                        ],
                        default="unpaid",
                        max_length=15,
                        verbose_name="status",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("deposit_paid", "deposit paid"),
                            ("grouping", "waiting for the group"),
                            ("in_review", "in review"),
                            ("to_pack", "to pack"),
                            ("packed", "packed"),
                            ("closing", "closing"),
                        ],
                        max_length=15,
                        verbose_name="stage",
                    ),
                ),
                (
                    "close_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("timeout", "not paid in time"),
                            ("buyer", "cancelled by the buyer"),
                            ("operator", "closed by the shop"),
                            ("refunded", "refunded"),
                        ],
                        max_length=10,
                        verbose_name="reason of closing",
                    ),
                ),
                ("placed_at", models.DateTimeField(verbose_name="placed at")),
                (
                    "expires_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="to be paid until"),
                ),
                ("paid_at", models.DateTimeField(blank=True, null=True, verbose_name="paid at")),
                (
                    "shipped_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="shipped at"),
                ),
                (
                    "receive_due_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="received at the latest"
                    ),
                ),
                (
                    "received_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="received at"),
                ),
                (
                    "completed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="completed at"),
                ),
                (
                    "closed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="closed at"),
                ),
                ("goods_fen", mall.kernel.db.fields.FenField(verbose_name="goods")),
                (
                    "discount_fen",
                    mall.kernel.db.fields.FenField(default=0, verbose_name="discounts"),
                ),
                ("freight_fen", mall.kernel.db.fields.FenField(default=0, verbose_name="freight")),
                (
                    "freight_base_fen",
                    mall.kernel.db.fields.FenField(
                        default=0, verbose_name="freight before reductions"
                    ),
                ),
                ("freight_steps", models.JSONField(default=list, verbose_name="freight steps")),
                ("points_used", models.PositiveIntegerField(default=0, verbose_name="points used")),
                (
                    "points_earned",
                    models.PositiveIntegerField(default=0, verbose_name="points to earn"),
                ),
                ("payable_fen", mall.kernel.db.fields.FenField(verbose_name="payable")),
                ("paid_fen", mall.kernel.db.fields.FenField(default=0, verbose_name="paid")),
                (
                    "refunded_fen",
                    mall.kernel.db.fields.FenField(default=0, verbose_name="refunded"),
                ),
                (
                    "receiver_name",
                    models.CharField(blank=True, max_length=40, verbose_name="receiver"),
                ),
                (
                    "receiver_phone",
                    models.CharField(blank=True, max_length=11, verbose_name="receiver's phone"),
                ),
                ("region_code", models.CharField(blank=True, max_length=9, verbose_name="region")),
                (
                    "region_names",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        default=list,
                        size=None,
                        verbose_name="region names",
                    ),
                ),
                (
                    "address_detail",
                    models.CharField(blank=True, max_length=120, verbose_name="street and number"),
                ),
                (
                    "note",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        validators=[mall.kernel.db.text.refuse_unsafe_text],
                        verbose_name="note",
                    ),
                ),
                ("invoice", models.JSONField(blank=True, null=True, verbose_name="invoice")),
                ("quote_hash", models.CharField(blank=True, max_length=64, verbose_name="quote")),
                (
                    "price_version",
                    models.PositiveSmallIntegerField(default=1, verbose_name="price version"),
                ),
                (
                    "is_hidden",
                    models.BooleanField(default=False, verbose_name="hidden by the buyer"),
                ),
                (
                    "member",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="members.member",
                        verbose_name="member",
                    ),
                ),
            ],
            options={
                "verbose_name": "order",
                "verbose_name_plural": "orders",
                "indexes": [
                    models.Index(fields=["member", "-placed_at", "-id"], name="order_of_member"),
                    models.Index(fields=["status", "-placed_at", "-id"], name="order_by_status"),
                    models.Index(fields=["-placed_at", "-id"], name="order_newest"),
                    models.Index(
                        condition=models.Q(("status", "unpaid")),
                        fields=["expires_at"],
                        name="order_unpaid_due",
                    ),
                    models.Index(
                        condition=models.Q(("status", "shipped")),
                        fields=["receive_due_at"],
                        name="order_receive_due",
                    ),
                    models.Index(
                        condition=models.Q(("status", "received")),
                        fields=["received_at"],
                        name="order_complete_due",
                    ),
                    models.Index(
                        condition=models.Q(("paid_at__isnull", False)),
                        fields=["paid_at"],
                        name="order_paid_at",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "payable_fen",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("goods_fen"), "-", models.F("discount_fen")
                                    ),
                                    "+",
                                    models.F("freight_fen"),
                                ),
                            )
                        ),
                        name="order_sums_up",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("discount_fen__gte", 0),
                            ("freight_fen__gte", 0),
                            ("goods_fen__gte", 0),
                            ("payable_fen__gte", 0),
                        ),
                        name="order_amounts_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("refunded_fen__gte", 0), ("refunded_fen__lte", models.F("paid_fen"))
                        ),
                        name="order_refunded_lte_paid",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderHistory",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("from_status", models.CharField(blank=True, max_length=15, verbose_name="from")),
                ("to_status", models.CharField(max_length=15, verbose_name="to")),
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
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="history",
                        to="orders.order",
                        verbose_name="order",
                    ),
                ),
            ],
            options={
                "verbose_name": "order history",
                "verbose_name_plural": "order history",
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="OrderLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                ("sku_code", models.CharField(max_length=60, verbose_name="SKU")),
                ("title_zh", models.CharField(max_length=120, verbose_name="title (Chinese)")),
                (
                    "title_en",
                    models.CharField(blank=True, max_length=160, verbose_name="title (English)"),
                ),
                (
                    "options",
                    models.JSONField(
                        default=list,
                        help_text='A list of {"title_zh", "title_en", "value_zh", "value_en"}.',
                        verbose_name="options",
                    ),
                ),
                (
                    "image",
                    models.JSONField(
                        blank=True,
                        help_text="The stored picture: file, width, height, widths and texts.",
                        null=True,
                        verbose_name="picture",
                    ),
                ),
                ("quantity", models.PositiveIntegerField(verbose_name="quantity")),
                (
                    "list_fen",
                    mall.kernel.db.fields.FenField(
                        help_text="Of the whole line.", verbose_name="list price"
                    ),
                ),
                (
                    "payable_fen",
                    mall.kernel.db.fields.FenField(
                        help_text="Of the whole line.", verbose_name="payable"
                    ),
                ),
                ("shipped", models.PositiveIntegerField(default=0, verbose_name="shipped")),
                ("refunded", models.PositiveIntegerField(default=0, verbose_name="refunded")),
                (
                    "refunded_fen",
                    mall.kernel.db.fields.FenField(default=0, verbose_name="refunded"),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="orders.order",
                        verbose_name="order",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="order_lines",
                        to="catalog.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "sku",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="order_lines",
                        to="catalog.sku",
                        verbose_name="SKU",
                    ),
                ),
            ],
            options={
                "verbose_name": "order line",
                "verbose_name_plural": "order lines",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("order", "position"), name="order_line_position"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("list_fen__gte", models.F("payable_fen")),
                            ("payable_fen__gte", 0),
                            ("quantity__gt", 0),
                        ),
                        name="order_line_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("refunded__lte", models.F("quantity")),
                            ("shipped__lte", models.F("quantity")),
                        ),
                        name="order_line_pieces_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("refunded_fen__gte", 0), ("refunded_fen__lte", models.F("payable_fen"))
                        ),
                        name="order_line_refunded_lte_payable",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportedLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("row", models.PositiveIntegerField(verbose_name="row")),
                ("kind", models.CharField(max_length=20, verbose_name="taken for")),
                ("invoice", models.CharField(max_length=20, verbose_name="invoice")),
                ("stock_code", models.CharField(max_length=30, verbose_name="stock code")),
                (
                    "description",
                    models.CharField(blank=True, max_length=120, verbose_name="description"),
                ),
                ("quantity", models.IntegerField(verbose_name="quantity")),
                ("price_thousandths", models.BigIntegerField(verbose_name="price in thousandths")),
                (
                    "amount_thousandths",
                    models.BigIntegerField(verbose_name="amount in thousandths"),
                ),
                ("customer", models.CharField(blank=True, max_length=20, verbose_name="customer")),
                ("country", models.CharField(blank=True, max_length=40, verbose_name="country")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="orders.importbatch",
                        verbose_name="import",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orders.orderline",
                        verbose_name="order line",
                    ),
                ),
            ],
            options={
                "verbose_name": "imported line",
                "verbose_name_plural": "imported lines",
                "constraints": [
                    models.UniqueConstraint(fields=("batch", "row"), name="imported_line_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderLineStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                ("lane", models.CharField(max_length=15, verbose_name="lane")),
                ("kind", models.CharField(max_length=30, verbose_name="kind")),
                ("source_id", models.BigIntegerField(null=True, verbose_name="source")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                ("label_code", models.CharField(max_length=40, verbose_name="label")),
                ("label_params", models.JSONField(default=dict, verbose_name="label values")),
                (
                    "amount_fen",
                    mall.kernel.db.fields.FenField(
                        help_text="Positive lowers the price.", verbose_name="off"
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="orders.orderline",
                        verbose_name="order line",
                    ),
                ),
            ],
            options={
                "verbose_name": "price step",
                "verbose_name_plural": "price steps",
                "ordering": ["position"],
                "indexes": [models.Index(fields=["kind", "source_id"], name="order_step_source")],
                "constraints": [
                    models.UniqueConstraint(fields=("line", "position"), name="order_step_position")
                ],
            },
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "payment_no",
                    models.CharField(max_length=32, unique=True, verbose_name="payment number"),
                ),
                (
                    "leg",
                    models.CharField(
                        choices=[("full", "full"), ("deposit", "deposit"), ("balance", "balance")],
                        default="full",
                        max_length=10,
                        verbose_name="leg",
                    ),
                ),
                ("provider", models.CharField(max_length=15, verbose_name="provider")),
                ("scene", models.CharField(max_length=10, verbose_name="scene")),
                ("amount_fen", mall.kernel.db.fields.FenField(verbose_name="amount")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "pending"),
                            ("succeeded", "succeeded"),
                            ("failed", "failed"),
                            ("closed", "closed"),
                        ],
                        default="pending",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "is_surplus",
                    models.BooleanField(
                        default=False,
                        help_text="Paid twice or too late: goes back by itself.",
                        verbose_name="surplus",
                    ),
                ),
                (
                    "transaction_id",
                    models.CharField(blank=True, max_length=64, verbose_name="provider's number"),
                ),
                (
                    "failure_code",
                    models.CharField(blank=True, max_length=40, verbose_name="failure"),
                ),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                ("expires_at", models.DateTimeField(verbose_name="expires at")),
                (
                    "succeeded_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="succeeded at"),
                ),
                (
                    "query_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="ask the provider at"),
                ),
                (
                    "queries",
                    models.PositiveSmallIntegerField(default=0, verbose_name="times asked"),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="orders.order",
                        verbose_name="order",
                    ),
                ),
            ],
            options={
                "verbose_name": "payment",
                "verbose_name_plural": "payments",
                "indexes": [
                    models.Index(fields=["order"], name="payment_of_order"),
                    models.Index(
                        condition=models.Q(("status__in", ["pending", "failed"])),
                        fields=["query_at"],
                        name="payment_to_query",
                    ),
                    models.Index(
                        condition=models.Q(("status", "succeeded")),
                        fields=["succeeded_at"],
                        name="payment_succeeded",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_surplus", False), ("status", "succeeded")),
                        fields=("order", "leg"),
                        name="payment_one_accepted_per_leg",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("transaction_id", ""), _negated=True),
                        fields=("provider", "transaction_id"),
                        name="payment_transaction_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount_fen", 0), ("provider", "none")),
                            models.Q(
                                models.Q(("provider", "none"), _negated=True), ("amount_fen__gt", 0)
                            ),
                            _connector="OR",
                        ),
                        name="payment_zero_only_without_provider",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaymentNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("provider", models.CharField(max_length=15, verbose_name="provider")),
                ("notice_id", models.CharField(max_length=64, verbose_name="notice id")),
                ("headers", models.JSONField(default=dict, verbose_name="headers")),
                ("body", models.TextField(verbose_name="body")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("applied", "applied"),
                            ("repeated", "repeated"),
                            ("refused", "refused"),
                        ],
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=60, verbose_name="reason")),
                ("received_at", models.DateTimeField(db_index=True, verbose_name="received at")),
                (
                    "payment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="orders.payment",
                        verbose_name="payment",
                    ),
                ),
            ],
            options={
                "verbose_name": "payment notice",
                "verbose_name_plural": "payment notices",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("outcome", "applied")),
                        fields=("provider", "notice_id"),
                        name="payment_notice_applied_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Refund",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "refund_no",
                    models.CharField(max_length=32, unique=True, verbose_name="refund number"),
                ),
                ("amount_fen", mall.kernel.db.fields.FenField(verbose_name="amount")),
                ("reason", models.CharField(max_length=20, verbose_name="reason")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "pending"),
                            ("succeeded", "succeeded"),
                            ("failed", "failed"),
                        ],
                        default="pending",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("next_at", models.DateTimeField(verbose_name="next try at")),
                (
                    "failure_code",
                    models.CharField(blank=True, max_length=40, verbose_name="failure"),
                ),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                (
                    "succeeded_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="succeeded at"),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refunds",
                        to="orders.order",
                        verbose_name="order",
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refunds",
                        to="orders.payment",
                        verbose_name="payment",
                    ),
                ),
            ],
            options={
                "verbose_name": "refund",
                "verbose_name_plural": "refunds",
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "pending")),
                        fields=["next_at"],
                        name="refund_due",
                    ),
                    models.Index(
                        condition=models.Q(("status", "succeeded")),
                        fields=["succeeded_at"],
                        name="refund_succeeded",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_fen__gt", 0)), name="refund_positive"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("reason", "surplus")),
                        fields=("payment",),
                        name="refund_surplus_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rating", models.PositiveSmallIntegerField(verbose_name="rating")),
                (
                    "text",
                    models.CharField(
                        max_length=500,
                        validators=[mall.kernel.db.text.refuse_unsafe_text],
                        verbose_name="text",
                    ),
                ),
                ("is_anonymous", models.BooleanField(default=False, verbose_name="anonymous")),
                ("is_shown", models.BooleanField(default=True, verbose_name="shown")),
                ("written_at", models.DateTimeField(verbose_name="written at")),
                (
                    "line",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="review",
                        to="orders.orderline",
                        verbose_name="order line",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="members.member",
                        verbose_name="member",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.product",
                        verbose_name="product",
                    ),
                ),
            ],
            options={
                "verbose_name": "review",
                "verbose_name_plural": "reviews",
                "indexes": [
                    models.Index(fields=["product", "-written_at", "-id"], name="review_of_product")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("rating__range", (1, 5))), name="review_rating_1_to_5"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Shipment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=32, unique=True, verbose_name="number")),
                (
                    "carrier",
                    models.CharField(
                        choices=[
                            ("sf", "SF Express"),
                            ("zto", "ZTO Express"),
                            ("yto", "YTO Express"),
                            ("yunda", "Yunda Express"),
                            ("jd", "JD Logistics"),
                            ("ems", "EMS"),
                        ],
                        max_length=10,
                        verbose_name="carrier",
                    ),
                ),
                (
                    "tracking_no",
                    models.CharField(
                        max_length=40,
                        validators=[mall.kernel.db.text.refuse_unsafe_text],
                        verbose_name="tracking number",
                    ),
                ),
                ("shipped_at", models.DateTimeField(verbose_name="shipped at")),
                (
                    "signed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="signed at"),
                ),
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
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shipments",
                        to="orders.order",
                        verbose_name="order",
                    ),
                ),
            ],
            options={
                "verbose_name": "shipment",
                "verbose_name_plural": "shipments",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("carrier", "tracking_no", "order"), name="shipment_once_per_parcel"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ShipmentLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("quantity", models.PositiveIntegerField(verbose_name="quantity")),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shipment_lines",
                        to="orders.orderline",
                        verbose_name="order line",
                    ),
                ),
                (
                    "shipment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="orders.shipment",
                        verbose_name="shipment",
                    ),
                ),
            ],
            options={
                "verbose_name": "shipment line",
                "verbose_name_plural": "shipment lines",
                "constraints": [
                    models.UniqueConstraint(fields=("shipment", "line"), name="shipment_line_once"),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0)), name="shipment_line_positive"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ShipmentTrace",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("picked", "picked up"),
                            ("transit", "on its way"),
                            ("delivering", "out for delivery"),
                            ("signed", "signed"),
                        ],
                        max_length=12,
                        verbose_name="what",
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        blank=True,
                        max_length=80,
                        validators=[mall.kernel.db.text.refuse_unsafe_text],
                        verbose_name="where",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "shipment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="traces",
                        to="orders.shipment",
                        verbose_name="shipment",
                    ),
                ),
            ],
            options={
                "verbose_name": "parcel scan",
                "verbose_name_plural": "parcel scans",
                "ordering": ["-at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("shipment", "code", "at"), name="trace_once")
                ],
            },
        ),
    ]
