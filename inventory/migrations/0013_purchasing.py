import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import mall.kernel.db.fields
import mall.kernel.db.text


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0011_order_limit"),
        ("inventory", "0012_stock_ledgers"),
        ("members", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="PurchaseOrder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=24, unique=True, verbose_name="number")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("approved", "approved"),
                            ("sent", "sent"),
                            ("part_received", "received in part"),
                            ("received", "received"),
                            ("closed", "closed"),
                            ("cancelled", "cancelled"),
                        ],
                        default="draft",
                        max_length=15,
                        verbose_name="status",
                    ),
                ),
                ("total_fen", mall.kernel.db.fields.FenField(default=0, verbose_name="total")),
                (
                    "expected_on",
                    models.DateField(blank=True, null=True, verbose_name="expected on"),
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
                ("made_at", models.DateTimeField(verbose_name="made at")),
                (
                    "approved_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="approved at"),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent at")),
                (
                    "closed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="closed at"),
                ),
                (
                    "close_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="reason"),
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
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="purchase_orders",
                        to="inventory.supplier",
                        verbose_name="supplier",
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.warehouse",
                        verbose_name="warehouse",
                    ),
                ),
            ],
            options={
                "verbose_name": "purchase order",
                "verbose_name_plural": "purchase orders",
                "ordering": ["-pk"],
                "permissions": [
                    ("approve_purchaseorder", "Approves purchase orders"),
                    ("receive_purchaseorder", "Receives what was ordered"),
                ],
                "indexes": [
                    models.Index(fields=["supplier", "status"], name="purchase_of_supplier")
                ],
            },
        ),
        migrations.CreateModel(
            name="GoodsReceipt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("note_number", models.CharField(max_length=40, verbose_name="delivery note")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
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
                        related_name="receipts",
                        to="inventory.purchaseorder",
                        verbose_name="purchase order",
                    ),
                ),
            ],
            options={
                "verbose_name": "goods receipt",
                "verbose_name_plural": "goods receipts",
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("order", "note_number"), name="goods_receipt_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PurchaseOrderLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("quantity", models.PositiveIntegerField(verbose_name="pieces")),
                ("received", models.PositiveIntegerField(default=0, verbose_name="received")),
                ("given_up", models.PositiveIntegerField(default=0, verbose_name="given up")),
                ("cost_fen", mall.kernel.db.fields.FenField(verbose_name="cost of a piece")),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="inventory.purchaseorder",
                        verbose_name="purchase order",
                    ),
                ),
                (
                    "sku",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="purchase_lines",
                        to="catalog.sku",
                        verbose_name="SKU",
                    ),
                ),
                (
                    "suggestion",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="purchase_lines",
                        to="inventory.purchasesuggestion",
                        verbose_name="purchase suggestion",
                    ),
                ),
            ],
            options={
                "verbose_name": "line of a purchase order",
                "verbose_name_plural": "lines of purchase orders",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("order", "sku"), name="purchase_line_once_per_sku"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cost_fen__gte", 0),
                            ("quantity__gt", 0),
                            (
                                "quantity__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("received"), "+", models.F("given_up")
                                ),
                            ),
                        ),
                        name="purchase_line_received_once",
                        violation_error_message="No more arrives than was ordered.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GoodsReceiptLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("accepted", models.PositiveIntegerField(default=0, verbose_name="taken in")),
                (
                    "refused",
                    models.PositiveIntegerField(default=0, verbose_name="failed inspection"),
                ),
                ("cost_before_fen", mall.kernel.db.fields.FenField(verbose_name="cost before")),
                ("cost_after_fen", mall.kernel.db.fields.FenField(verbose_name="cost after")),
                (
                    "receipt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="inventory.goodsreceipt",
                        verbose_name="goods receipt",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="inventory.purchaseorderline",
                        verbose_name="line",
                    ),
                ),
            ],
            options={
                "verbose_name": "line of a goods receipt",
                "verbose_name_plural": "lines of goods receipts",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("accepted__gt", 0), ("refused__gt", 0), _connector="OR"
                        ),
                        name="goods_receipt_of_something",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SupplierAgreement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        max_length=60,
                        validators=[mall.kernel.db.text.refuse_unsafe_text],
                        verbose_name="number",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="valid from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="last day")),
                ("is_active", models.BooleanField(default=True, verbose_name="in force")),
                (
                    "ships_within_hours",
                    models.PositiveSmallIntegerField(
                        default=48,
                        help_text="Hours.",
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="ships within",
                    ),
                ),
                (
                    "answers_within_minutes",
                    models.PositiveSmallIntegerField(
                        default=120,
                        help_text="Minutes.",
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="answers after-sales within",
                    ),
                ),
                (
                    "return_freight_bp",
                    mall.kernel.db.fields.BpField(
                        default=10000,
                        help_text="Basis points, when quality is to blame: 10000 means all of it.",
                        validators=[django.core.validators.MaxValueValidator(10000)],
                        verbose_name="its share of return freight",
                    ),
                ),
                (
                    "quality_bp",
                    mall.kernel.db.fields.BpField(
                        default=10000,
                        help_text="Basis points: 9500 means 95 %.",
                        validators=[django.core.validators.MaxValueValidator(10000)],
                        verbose_name="its share of quality refunds",
                    ),
                ),
                (
                    "dropship_fee_fen",
                    mall.kernel.db.fields.FenField(
                        default=0,
                        help_text="In yuan, kept by the shop.",
                        verbose_name="fee of a drop-shipped parcel",
                    ),
                ),
                (
                    "liability",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=2000,
                        validators=[mall.kernel.db.text.refuse_unsafe_text],
                        verbose_name="liability",
                    ),
                ),
                (
                    "file",
                    models.FileField(
                        blank=True, max_length=200, upload_to="suppliers", verbose_name="file"
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements",
                        to="inventory.supplier",
                        verbose_name="supplier",
                    ),
                ),
            ],
            options={
                "verbose_name": "agreement with a supplier",
                "verbose_name_plural": "agreements with suppliers",
                "ordering": ["-starts_on", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("supplier", "number"), name="agreement_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on", None),
                            ("starts_on__lte", models.F("ends_on")),
                            _connector="OR",
                        ),
                        name="agreement_dates_in_order",
                        violation_error_message="Its last day is not before its first.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answers_within_minutes__gte", 1),
                            ("dropship_fee_fen__gte", 0),
                            ("quality_bp__lte", 10000),
                            ("return_freight_bp__lte", 10000),
                            ("ships_within_hours__gte", 1),
                        ),
                        name="agreement_terms_possible",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SupplierAlert",
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
                            ("low", "few pieces left"),
                            ("stale", "figures are late"),
                            ("fulfilment", "ships late too often"),
                            ("quality", "fails inspection too often"),
                            ("response", "answers late too often"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("figure", models.PositiveIntegerField(verbose_name="figure")),
                ("limit", models.PositiveIntegerField(verbose_name="limit")),
                ("raised_at", models.DateTimeField(verbose_name="raised at")),
                (
                    "resolved_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="resolved at"),
                ),
                (
                    "goods",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alerts",
                        to="inventory.suppliersku",
                        verbose_name="goods of a supplier",
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alerts",
                        to="inventory.supplier",
                        verbose_name="supplier",
                    ),
                ),
            ],
            options={
                "verbose_name": "alert about a supplier",
                "verbose_name_plural": "alerts about suppliers",
                "ordering": ["-raised_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("resolved_at__isnull", True)),
                        fields=("supplier", "kind", "goods"),
                        name="supplier_alert_one_open",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SupplierCharge",
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
                            ("goods", "goods received"),
                            ("dropship", "goods drop-shipped"),
                            ("freight", "return freight"),
                            ("quality", "quality"),
                            ("fee", "drop-ship cost"),
                            ("reversed", "drop-shipped goods given back"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("reference", models.CharField(max_length=64, verbose_name="reference")),
                ("amount_fen", mall.kernel.db.fields.FenField(min_fen=None, verbose_name="amount")),
                (
                    "facts",
                    mall.kernel.db.fields.SafeJSONField(
                        blank=True, default=dict, verbose_name="facts"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="charges",
                        to="inventory.supplier",
                        verbose_name="supplier",
                    ),
                ),
            ],
            options={
                "verbose_name": "supplier's amount",
                "verbose_name_plural": "suppliers' amounts",
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(fields=["supplier", "at"], name="supplier_charge_of_month")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("supplier", "kind", "reference"), name="supplier_charge_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount_fen__gt", 0), ("kind__in", ["goods", "dropship"])),
                            models.Q(
                                ("amount_fen__lt", 0),
                                ("kind__in", ["freight", "quality", "fee", "reversed"]),
                            ),
                            _connector="OR",
                        ),
                        name="supplier_charge_sign",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SupplierFact",
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
                            ("shipped", "parcel shipped"),
                            ("inspected", "pieces inspected"),
                            ("answered", "after-sale answered"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("reference", models.CharField(max_length=64, verbose_name="reference")),
                ("total", models.PositiveIntegerField(default=1, verbose_name="all")),
                ("good", models.PositiveIntegerField(default=0, verbose_name="good")),
                (
                    "minutes",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="minutes it took"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="facts",
                        to="inventory.supplier",
                        verbose_name="supplier",
                    ),
                ),
            ],
            options={
                "verbose_name": "fact about a supplier",
                "verbose_name_plural": "facts about suppliers",
                "ordering": ["-pk"],
                "indexes": [models.Index(fields=["supplier", "at"], name="supplier_fact_of_month")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("supplier", "kind", "reference"), name="supplier_fact_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("good__lte", models.F("total")), ("total__gt", 0)),
                        name="supplier_fact_good_of_total",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SupplierPolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "fulfilment_target_bp",
                    mall.kernel.db.fields.BpField(
                        default=9500,
                        help_text="Basis points: 9500 means 95 %.",
                        verbose_name="shipped in time, at least",
                    ),
                ),
                (
                    "quality_target_bp",
                    mall.kernel.db.fields.BpField(
                        default=9900,
                        help_text="Basis points: 9500 means 95 %.",
                        verbose_name="passed inspection, at least",
                    ),
                ),
                (
                    "response_target_bp",
                    mall.kernel.db.fields.BpField(
                        default=9000,
                        help_text="Basis points: 9500 means 95 %.",
                        verbose_name="answered in time, at least",
                    ),
                ),
                (
                    "fulfilment_weight",
                    models.PositiveSmallIntegerField(default=40, verbose_name="weight of shipping"),
                ),
                (
                    "quality_weight",
                    models.PositiveSmallIntegerField(default=40, verbose_name="weight of quality"),
                ),
                (
                    "response_weight",
                    models.PositiveSmallIntegerField(default=20, verbose_name="weight of answers"),
                ),
                (
                    "grade_a_from",
                    models.PositiveSmallIntegerField(default=90, verbose_name="grade A from"),
                ),
                (
                    "grade_b_from",
                    models.PositiveSmallIntegerField(default=75, verbose_name="grade B from"),
                ),
                (
                    "term_days_a",
                    models.PositiveSmallIntegerField(
                        default=15, verbose_name="payment term of grade A"
                    ),
                ),
                (
                    "term_days_b",
                    models.PositiveSmallIntegerField(
                        default=30, verbose_name="payment term of grade B"
                    ),
                ),
                (
                    "term_days_c",
                    models.PositiveSmallIntegerField(
                        default=60, verbose_name="payment term of grade C"
                    ),
                ),
                (
                    "approval_limit_fen",
                    mall.kernel.db.fields.FenField(
                        default=500000,
                        help_text="In yuan: a purchase order from this total is approved by another person.",
                        verbose_name="two people from",
                    ),
                ),
                (
                    "stale_minutes",
                    models.PositiveSmallIntegerField(
                        default=15, help_text="Minutes.", verbose_name="figures are stale after"
                    ),
                ),
                (
                    "document_alert_days",
                    models.PositiveSmallIntegerField(
                        default=30,
                        help_text="Days before they run out.",
                        verbose_name="warn of documents",
                    ),
                ),
            ],
            options={
                "verbose_name": "rules for suppliers",
                "verbose_name_plural": "rules for suppliers",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="supplier_policy_one_row"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("grade_a_from__gt", models.F("grade_b_from")),
                            ("grade_a_from__lte", 100),
                        ),
                        name="supplier_grades_in_order",
                        violation_error_message="Grade A begins above grade B, at 100 at most.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("fulfilment_weight__gt", 0),
                            ("quality_weight__gt", 0),
                            ("response_weight__gt", 0),
                            _connector="OR",
                        ),
                        name="supplier_weighs_something",
                        violation_error_message="At least one weight is above zero.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approval_limit_fen__gte", 0),
                            ("fulfilment_target_bp__lte", 10000),
                            ("quality_target_bp__lte", 10000),
                            ("response_target_bp__lte", 10000),
                            ("stale_minutes__gte", 1),
                        ),
                        name="supplier_targets_possible",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SupplierScorecard",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField(help_text="Its first day.", verbose_name="month")),
                ("shipped", models.PositiveIntegerField(default=0, verbose_name="parcels due")),
                (
                    "fulfilment_bp",
                    mall.kernel.db.fields.BpField(
                        blank=True,
                        help_text="Basis points: 9500 means 95 %.",
                        null=True,
                        verbose_name="shipped in time",
                    ),
                ),
                (
                    "inspected",
                    models.PositiveIntegerField(default=0, verbose_name="pieces inspected"),
                ),
                (
                    "quality_bp",
                    mall.kernel.db.fields.BpField(
                        blank=True,
                        help_text="Basis points: 9500 means 95 %.",
                        null=True,
                        verbose_name="passed inspection",
                    ),
                ),
                ("answered", models.PositiveIntegerField(default=0, verbose_name="after-sales")),
                (
                    "response_bp",
                    mall.kernel.db.fields.BpField(
                        blank=True,
                        help_text="Basis points: 9500 means 95 %.",
                        null=True,
                        verbose_name="answered in time",
                    ),
                ),
                (
                    "score",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="score",
                    ),
                ),
                (
                    "grade",
                    models.CharField(
                        blank=True,
                        choices=[("", "not graded"), ("A", "A"), ("B", "B"), ("C", "C")],
                        default="",
                        max_length=1,
                        verbose_name="grade",
                    ),
                ),
                ("computed_at", models.DateTimeField(verbose_name="computed at")),
                (
                    "supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scorecards",
                        to="inventory.supplier",
                        verbose_name="supplier",
                    ),
                ),
            ],
            options={
                "verbose_name": "scorecard",
                "verbose_name_plural": "scorecards",
                "ordering": ["-month", "-score", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("supplier", "month"), name="scorecard_once_a_month"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SupplierStatement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=24, unique=True, verbose_name="number")),
                ("month", models.DateField(help_text="Its first day.", verbose_name="month")),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "draft"), ("confirmed", "confirmed"), ("paid", "paid")],
                        default="draft",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("cost_fen", mall.kernel.db.fields.FenField(default=0, verbose_name="goods")),
                (
                    "deducted_fen",
                    mall.kernel.db.fields.FenField(default=0, verbose_name="deducted"),
                ),
                (
                    "payable_fen",
                    mall.kernel.db.fields.FenField(default=0, min_fen=None, verbose_name="payable"),
                ),
                ("due_on", models.DateField(verbose_name="due on")),
                ("drawn_at", models.DateTimeField(verbose_name="drawn at")),
                (
                    "confirmed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="confirmed at"),
                ),
                ("paid_at", models.DateTimeField(blank=True, null=True, verbose_name="paid at")),
                (
                    "bank_reference",
                    models.CharField(blank=True, max_length=60, verbose_name="bank reference"),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="confirmed by",
                    ),
                ),
                (
                    "paid_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="paid by",
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="inventory.supplier",
                        verbose_name="supplier",
                    ),
                ),
            ],
            options={
                "verbose_name": "settlement statement",
                "verbose_name_plural": "settlement statements",
                "ordering": ["-month", "-pk"],
                "permissions": [
                    ("confirm_supplierstatement", "Confirms settlement statements"),
                    ("pay_supplierstatement", "Notes settlement statements as paid"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("supplier", "month"), name="statement_once_a_month"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cost_fen__gte", 0),
                            ("deducted_fen__gte", 0),
                            (
                                "payable_fen",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("cost_fen"), "-", models.F("deducted_fen")
                                ),
                            ),
                        ),
                        name="statement_adds_up",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SupplierStatementLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "charge",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statement_line",
                        to="inventory.suppliercharge",
                        verbose_name="amount",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="inventory.supplierstatement",
                        verbose_name="settlement statement",
                    ),
                ),
            ],
            options={
                "verbose_name": "line of a statement",
                "verbose_name_plural": "lines of statements",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="SupplierSync",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=64, verbose_name="reference")),
                (
                    "way",
                    models.CharField(
                        choices=[("api", "API"), ("csv", "CSV")], max_length=5, verbose_name="by"
                    ),
                ),
                ("taken_at", models.DateTimeField(verbose_name="figures of")),
                ("accepted", models.PositiveIntegerField(default=0, verbose_name="rows taken")),
                (
                    "refused",
                    mall.kernel.db.fields.SafeJSONField(
                        blank=True, default=list, verbose_name="rows refused"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="syncs",
                        to="inventory.supplier",
                        verbose_name="supplier",
                    ),
                ),
            ],
            options={
                "verbose_name": "stock message of a supplier",
                "verbose_name_plural": "stock messages of suppliers",
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("supplier", "reference"), name="supplier_sync_once"
                    )
                ],
            },
        ),
        migrations.AlterField(
            model_name="stockmovement",
            name="kind",
            field=models.CharField(
                choices=[
                    ("receipt", "received"),
                    ("reserve", "reserved"),
                    ("release", "released"),
                    ("lend", "sold by an activity"),
                    ("give_back", "back to the activity"),
                    ("sale", "shipped"),
                    ("return", "returned"),
                    ("count", "counted"),
                    ("write_off", "written off"),
                    ("ordered", "ordered from a supplier"),
                    ("unordered", "order to a supplier cut short"),
                    ("transfer_out", "sent to another warehouse"),
                    ("transfer_way", "on its way here"),
                    ("transfer_in", "arrived from another warehouse"),
                    ("transfer_back", "transfer called back"),
                    ("transfer_lost", "lost on the way"),
                    ("sync", "told by the supplier"),
                    ("defect", "found defective"),
                    ("scrap", "scrapped"),
                    ("sell_defect", "sold as B-grade"),
                    ("return_to_supplier", "given back to the supplier"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
    ]
