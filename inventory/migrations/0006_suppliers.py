import re

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import mall.kernel.db.fields
import mall.kernel.db.text


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0011_order_limit"),
        ("inventory", "0005_purchase_suggestions"),
        ("members", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Store",
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
                        max_length=20,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                re.compile("^[-a-zA-Z0-9_]+\\Z"),
                                "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.",
                                "invalid",
                            )
                        ],
                        verbose_name="code",
                    ),
                ),
                (
                    "title_zh",
                    models.CharField(
                        max_length=40,
                        validators=[mall.kernel.db.text.refuse_unsafe_text],
                        verbose_name="title (Chinese)",
                    ),
                ),
                (
                    "title_en",
                    models.CharField(
                        blank=True,
                        max_length=60,
                        validators=[mall.kernel.db.text.refuse_unsafe_text],
                        verbose_name="title (English)",
                    ),
                ),
                ("region_code", models.CharField(max_length=9, verbose_name="region")),
                (
                    "address_zh",
                    models.CharField(
                        max_length=120,
                        validators=[mall.kernel.db.text.refuse_unsafe_text],
                        verbose_name="address (Chinese)",
                    ),
                ),
                (
                    "address_en",
                    models.CharField(
                        blank=True,
                        max_length=160,
                        validators=[mall.kernel.db.text.refuse_unsafe_text],
                        verbose_name="address (English)",
                    ),
                ),
                (
                    "latitude",
                    models.DecimalField(
                        decimal_places=6,
                        max_digits=9,
                        validators=[
                            django.core.validators.MinValueValidator(-90),
                            django.core.validators.MaxValueValidator(90),
                        ],
                        verbose_name="latitude",
                    ),
                ),
                (
                    "longitude",
                    models.DecimalField(
                        decimal_places=6,
                        max_digits=9,
                        validators=[
                            django.core.validators.MinValueValidator(-180),
                            django.core.validators.MaxValueValidator(180),
                        ],
                        verbose_name="longitude",
                    ),
                ),
                (
                    "hours_zh",
                    models.CharField(
                        max_length=80,
                        validators=[mall.kernel.db.text.refuse_unsafe_text],
                        verbose_name="opening hours (Chinese)",
                    ),
                ),
                (
                    "hours_en",
                    models.CharField(
                        blank=True,
                        max_length=120,
                        validators=[mall.kernel.db.text.refuse_unsafe_text],
                        verbose_name="opening hours (English)",
                    ),
                ),
                (
                    "phone",
                    models.CharField(
                        max_length=20,
                        validators=[mall.kernel.db.text.refuse_unsafe_text],
                        verbose_name="phone",
                    ),
                ),
                (
                    "events_zh",
                    models.TextField(
                        blank=True,
                        max_length=500,
                        validators=[mall.kernel.db.text.refuse_unsafe_text],
                        verbose_name="events (Chinese)",
                    ),
                ),
                (
                    "events_en",
                    models.TextField(
                        blank=True,
                        max_length=800,
                        validators=[mall.kernel.db.text.refuse_unsafe_text],
                        verbose_name="events (English)",
                    ),
                ),
                (
                    "offers_pickup",
                    models.BooleanField(default=True, verbose_name="orders can be picked up here"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="shown")),
                (
                    "staff",
                    models.ManyToManyField(
                        blank=True,
                        limit_choices_to={"is_staff": True},
                        related_name="stores",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="staff",
                    ),
                ),
                (
                    "warehouse",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="store",
                        to="inventory.warehouse",
                        verbose_name="warehouse",
                    ),
                ),
            ],
            options={
                "verbose_name": "store",
                "verbose_name_plural": "stores",
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("latitude__range", (-90, 90)), ("longitude__range", (-180, 180))
                        ),
                        name="store_on_earth",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Supplier",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=30, unique=True, verbose_name="code")),
                (
                    "title_zh",
                    models.CharField(
                        max_length=60,
                        validators=[mall.kernel.db.text.refuse_unsafe_text],
                        verbose_name="title (Chinese)",
                    ),
                ),
                (
                    "title_en",
                    models.CharField(
                        blank=True,
                        max_length=80,
                        validators=[mall.kernel.db.text.refuse_unsafe_text],
                        verbose_name="title (English)",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "being admitted"),
                            ("active", "working with us"),
                            ("suspended", "suspended"),
                            ("ended", "ended"),
                        ],
                        default="pending",
                        editable=False,
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "moq",
                    models.PositiveIntegerField(
                        default=300,
                        help_text="Pieces of one SKU that it makes at least.",
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="minimum order",
                    ),
                ),
                (
                    "lead_days",
                    models.PositiveSmallIntegerField(
                        default=7,
                        help_text="Days.",
                        validators=[django.core.validators.MaxValueValidator(365)],
                        verbose_name="lead time",
                    ),
                ),
                (
                    "ships_within_hours",
                    models.PositiveSmallIntegerField(
                        default=48,
                        help_text="Hours; an agreement may say otherwise.",
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="ships within",
                    ),
                ),
                (
                    "payment_term_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Days after the month; empty: what its grade is given.",
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(365)],
                        verbose_name="payment term",
                    ),
                ),
                (
                    "payee_name",
                    models.CharField(
                        blank=True,
                        max_length=80,
                        validators=[mall.kernel.db.text.refuse_unsafe_text],
                        verbose_name="payee",
                    ),
                ),
                (
                    "payee_bank",
                    models.CharField(
                        blank=True,
                        max_length=80,
                        validators=[mall.kernel.db.text.refuse_unsafe_text],
                        verbose_name="bank",
                    ),
                ),
                (
                    "payee_account",
                    models.CharField(
                        blank=True,
                        max_length=40,
                        validators=[mall.kernel.db.text.refuse_unsafe_text],
                        verbose_name="bank account",
                    ),
                ),
                (
                    "tax_number",
                    models.CharField(
                        blank=True,
                        max_length=30,
                        validators=[mall.kernel.db.text.refuse_unsafe_text],
                        verbose_name="tax number",
                    ),
                ),
                (
                    "grade",
                    models.CharField(
                        blank=True,
                        choices=[("", "not graded"), ("A", "A"), ("B", "B"), ("C", "C")],
                        default="",
                        editable=False,
                        max_length=1,
                        verbose_name="grade",
                    ),
                ),
                (
                    "graded_on",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="graded for"
                    ),
                ),
                (
                    "note",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=1000,
                        validators=[mall.kernel.db.text.refuse_unsafe_text],
                        verbose_name="note",
                    ),
                ),
                (
                    "categories",
                    models.ManyToManyField(
                        blank=True,
                        related_name="suppliers",
                        to="catalog.category",
                        verbose_name="supplies",
                    ),
                ),
            ],
            options={
                "verbose_name": "supplier",
                "verbose_name_plural": "suppliers",
                "ordering": ["code"],
                "permissions": [
                    ("see_supplier_contacts", "Sees contacts and bank data of suppliers"),
                    ("move_supplier", "Admits, suspends and ends suppliers"),
                    ("get_supplier_alerts", "Is told of alarms about suppliers"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("moq__gte", 1), ("ships_within_hours__gte", 1)),
                        name="supplier_terms_positive",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SupplierContact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        max_length=40,
                        validators=[mall.kernel.db.text.refuse_unsafe_text],
                        verbose_name="name",
                    ),
                ),
                (
                    "duty",
                    models.CharField(
                        blank=True,
                        max_length=40,
                        validators=[mall.kernel.db.text.refuse_unsafe_text],
                        verbose_name="duty",
                    ),
                ),
                (
                    "phone",
                    models.CharField(
                        blank=True,
                        max_length=30,
                        validators=[mall.kernel.db.text.refuse_unsafe_text],
                        verbose_name="phone",
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("is_first", models.BooleanField(default=False, verbose_name="first contact")),
                (
                    "supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contacts",
                        to="inventory.supplier",
                        verbose_name="supplier",
                    ),
                ),
            ],
            options={
                "verbose_name": "contact of a supplier",
                "verbose_name_plural": "contacts of suppliers",
                "ordering": ["-is_first", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_first", True)),
                        fields=("supplier",),
                        name="supplier_one_first_contact",
                        violation_error_message="One contact is the first.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SupplierDocument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        max_length=60,
                        validators=[mall.kernel.db.text.refuse_unsafe_text],
                        verbose_name="title",
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
                (
                    "file",
                    models.FileField(
                        blank=True, max_length=200, upload_to="suppliers", verbose_name="file"
                    ),
                ),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="valid from")),
                (
                    "expires_on",
                    models.DateField(
                        blank=True,
                        help_text="Empty: it does not run out.",
                        null=True,
                        verbose_name="last day",
                    ),
                ),
                (
                    "alerted",
                    models.CharField(
                        blank=True,
                        choices=[("", "none"), ("soon", "runs out soon"), ("over", "has run out")],
                        default="",
                        editable=False,
                        max_length=5,
                        verbose_name="warned of",
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="inventory.supplier",
                        verbose_name="supplier",
                    ),
                ),
            ],
            options={
                "verbose_name": "document of a supplier",
                "verbose_name_plural": "documents of suppliers",
                "ordering": [models.OrderBy(models.F("expires_on"), nulls_last=True), "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("supplier", "title", "number"), name="supplier_document_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("starts_on", None),
                            ("expires_on", None),
                            ("starts_on__lte", models.F("expires_on")),
                            _connector="OR",
                        ),
                        name="supplier_document_dates_in_order",
                        violation_error_message="Its last day is not before its first.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SupplierKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key_id", models.CharField(max_length=24, unique=True, verbose_name="key")),
                (
                    "secret_hash",
                    models.CharField(editable=False, max_length=64, verbose_name="hash"),
                ),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
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
                        related_name="keys",
                        to="inventory.supplier",
                        verbose_name="supplier",
                    ),
                ),
            ],
            options={
                "verbose_name": "key of a supplier",
                "verbose_name_plural": "keys of suppliers",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="SupplierSku",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "supplier_code",
                    models.CharField(
                        blank=True,
                        max_length=60,
                        validators=[mall.kernel.db.text.refuse_unsafe_text],
                        verbose_name="its own code",
                    ),
                ),
                (
                    "cost_fen",
                    mall.kernel.db.fields.FenField(
                        help_text="What one piece costs us.", verbose_name="cost"
                    ),
                ),
                (
                    "moq",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Empty: the supplier's.",
                        null=True,
                        verbose_name="minimum order",
                    ),
                ),
                (
                    "lead_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Empty: the supplier's.",
                        null=True,
                        verbose_name="lead time",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="offered")),
                (
                    "buffer",
                    models.PositiveIntegerField(
                        default=10,
                        help_text="Pieces held back, because its figures come late.",
                        verbose_name="buffer",
                    ),
                ),
                (
                    "least_stock",
                    models.PositiveIntegerField(
                        default=50,
                        help_text="Fewer pieces at the supplier raise an alert.",
                        verbose_name="least stock",
                    ),
                ),
                (
                    "stops_when_low",
                    models.BooleanField(
                        default=False,
                        help_text="Under the least stock, sell none.",
                        verbose_name="off sale when low",
                    ),
                ),
                (
                    "synced_stock",
                    models.PositiveIntegerField(
                        default=0, editable=False, verbose_name="pieces at the supplier"
                    ),
                ),
                (
                    "synced_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="as of"
                    ),
                ),
                (
                    "sku",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supplied_by",
                        to="catalog.sku",
                        verbose_name="SKU",
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="goods",
                        to="inventory.supplier",
                        verbose_name="supplier",
                    ),
                ),
            ],
            options={
                "verbose_name": "goods of a supplier",
                "verbose_name_plural": "goods of suppliers",
                "ordering": ["supplier", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("supplier", "sku"), name="supplier_sku_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("supplier_code", ""), _negated=True),
                        fields=("supplier", "supplier_code"),
                        name="supplier_code_once",
                        violation_error_message="The supplier has another SKU under this code.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cost_fen__gte", 0),
                            models.Q(("moq", None), ("moq__gte", 1), _connector="OR"),
                        ),
                        name="supplier_sku_terms",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="stockitem",
            name="defective",
            field=models.PositiveIntegerField(
                db_default=0,
                default=0,
                help_text="Broken or returned pieces that wait for their disposal; never sold as new.",
                verbose_name="defective",
            ),
        ),
        migrations.AddField(
            model_name="stockitem",
            name="in_transit",
            field=models.PositiveIntegerField(
                db_default=0,
                default=0,
                help_text="Pieces on their way here: sent by another warehouse or ordered.",
                verbose_name="in transit",
            ),
        ),
        migrations.AddField(
            model_name="stockitem",
            name="is_safety_typed",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="A number that an operator typed is kept; others are computed from sales.",
                verbose_name="safety stock set by hand",
            ),
        ),
        migrations.AddField(
            model_name="stockitem",
            name="reorder_point",
            field=models.PositiveIntegerField(
                db_default=0,
                default=0,
                help_text="What sells while an order is on its way, and the safety stock. Computed.",
                verbose_name="reorder point",
            ),
        ),
        migrations.AddField(
            model_name="stockmovement",
            name="defective_after",
            field=models.PositiveIntegerField(
                db_default=0, default=0, verbose_name="defective after"
            ),
        ),
        migrations.AddField(
            model_name="stockmovement",
            name="delta_defective",
            field=models.IntegerField(db_default=0, default=0, verbose_name="change defective"),
        ),
        migrations.AddField(
            model_name="stockmovement",
            name="delta_in_transit",
            field=models.IntegerField(db_default=0, default=0, verbose_name="change in transit"),
        ),
        migrations.AddField(
            model_name="stockmovement",
            name="in_transit_after",
            field=models.PositiveIntegerField(
                db_default=0, default=0, verbose_name="in transit after"
            ),
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
                    ("defect", "found defective"),
                    ("scrap", "scrapped"),
                    ("sell_defect", "sold as B-grade"),
                    ("return_to_supplier", "given back to the supplier"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AddIndex(
            model_name="stockmovement",
            index=models.Index(
                condition=models.Q(("kind", "sale")), fields=["at"], name="movement_of_sales"
            ),
        ),
        migrations.AddConstraint(
            model_name="stockitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("in_transit__gte", 0)), name="stock_in_transit_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="stockitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("defective__gte", 0)), name="stock_defective_not_negative"
            ),
        ),
        migrations.AddField(
            model_name="warehouse",
            name="supplier",
            field=models.ForeignKey(
                blank=True,
                help_text="Whose goods these are: only in a warehouse of the supplier's kind.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="warehouses",
                to="inventory.supplier",
                verbose_name="supplier",
            ),
        ),
        migrations.AddConstraint(
            model_name="warehouse",
            constraint=models.UniqueConstraint(
                fields=("supplier",), name="warehouse_one_per_supplier"
            ),
        ),
        migrations.AddConstraint(
            model_name="warehouse",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "supplier"), ("supplier__isnull", False)),
                    models.Q(models.Q(("kind", "supplier"), _negated=True), ("supplier", None)),
                    _connector="OR",
                ),
                name="warehouse_of_supplier",
                violation_error_message="A supplier's warehouse names its supplier; no other warehouse does.",
            ),
        ),
    ]
