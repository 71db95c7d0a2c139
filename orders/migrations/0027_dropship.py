import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import mall.kernel.db.fields
import mall.kernel.db.text


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0016_correct_stock"),
        ("orders", "0026_delivery_words"),
    ]

    operations = [
        migrations.CreateModel(
            name="DropshipPolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "tries",
                    models.PositiveSmallIntegerField(
                        default=5,
                        help_text="Sending goes on after it, each time later, up to an hour apart.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(50),
                        ],
                        verbose_name="tries before an alarm",
                    ),
                ),
                (
                    "answer_hours",
                    models.PositiveSmallIntegerField(
                        default=24,
                        help_text="A sub-order nobody has accepted by then becomes a task.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(720),
                        ],
                        verbose_name="hours to accept",
                    ),
                ),
            ],
            options={
                "verbose_name": "rules of drop-shipping",
                "verbose_name_plural": "rules of drop-shipping",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="dropship_policy_one_row"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("answer_hours__gte", 1), ("tries__gte", 1)),
                        name="dropship_policy_positive",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SubOrder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=32, unique=True, verbose_name="number")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "to be sent"),
                            ("sent", "sent to the partner"),
                            ("accepted", "accepted"),
                            ("shipped", "shipped"),
                            ("refused", "refused"),
                            ("cancelled", "called back"),
                        ],
                        default="pending",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        validators=[mall.kernel.db.text.refuse_unsafe_text],
                        verbose_name="the partner's words",
                    ),
                ),
                (
                    "outside_no",
                    models.CharField(
                        blank=True,
                        max_length=64,
                        validators=[mall.kernel.db.text.refuse_unsafe_text],
                        verbose_name="the partner's number",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                (
                    "next_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="next try at"),
                ),
                (
                    "last_error",
                    models.CharField(blank=True, max_length=200, verbose_name="last error"),
                ),
                ("created_at", models.DateTimeField(verbose_name="made at")),
                (
                    "told_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="From then on the partner may know of it, whatever came back.",
                        null=True,
                        verbose_name="first told at",
                    ),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent at")),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="answered at"),
                ),
                (
                    "ended_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="over since"),
                ),
                (
                    "due_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="The hours agreed with it.",
                        null=True,
                        verbose_name="to be shipped by",
                    ),
                ),
                ("is_late", models.BooleanField(default=False, verbose_name="shipped too late")),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sub_orders",
                        to="orders.order",
                        verbose_name="order",
                    ),
                ),
                (
                    "shipment",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sub_order",
                        to="orders.shipment",
                        verbose_name="shipment",
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sub_orders",
                        to="inventory.warehouse",
                        verbose_name="warehouse",
                    ),
                ),
            ],
            options={
                "verbose_name": "sub-order",
                "verbose_name_plural": "sub-orders",
                "permissions": [
                    ("forward_suborder", "Takes sub-orders with their addresses out as files")
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_at__isnull", False)),
                        fields=["next_at", "id"],
                        name="sub_order_due",
                    ),
                    models.Index(fields=["warehouse", "state"], name="sub_order_of_warehouse"),
                    models.Index(fields=["-created_at", "-id"], name="sub_order_newest"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["pending", "sent", "accepted"])),
                        fields=("order", "warehouse"),
                        name="sub_order_one_live_per_warehouse",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("shipment__isnull", False), ("state", "shipped")),
                            models.Q(
                                models.Q(("state", "shipped"), _negated=True), ("shipment", None)
                            ),
                            _connector="OR",
                        ),
                        name="sub_order_shipped_has_shipment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PartnerReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=64, verbose_name="number")),
                ("body", models.TextField(verbose_name="body")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("applied", "applied"),
                            ("repeated", "known already"),
                            ("refused", "refused"),
                        ],
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=40, verbose_name="reason")),
                ("received_at", models.DateTimeField(verbose_name="received at")),
                (
                    "warehouse",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.warehouse",
                        verbose_name="warehouse",
                    ),
                ),
                (
                    "sub_order",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="orders.suborder",
                        verbose_name="sub-order",
                    ),
                ),
            ],
            options={
                "verbose_name": "partner's report",
                "verbose_name_plural": "partners' reports",
                "indexes": [models.Index(fields=["-received_at"], name="partner_report_newest")],
            },
        ),
        migrations.CreateModel(
            name="SubOrderLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("quantity", models.PositiveIntegerField(verbose_name="pieces")),
                (
                    "outside_code",
                    models.CharField(blank=True, max_length=60, verbose_name="its own code"),
                ),
                (
                    "cost_fen",
                    mall.kernel.db.fields.FenField(
                        default=0,
                        help_text="Of one piece, as agreed when it was ordered.",
                        verbose_name="cost",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orders.orderline",
                        verbose_name="order line",
                    ),
                ),
                (
                    "sub_order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="orders.suborder",
                        verbose_name="sub-order",
                    ),
                ),
            ],
            options={
                "verbose_name": "line of a sub-order",
                "verbose_name_plural": "lines of sub-orders",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("sub_order", "line"), name="sub_order_line_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0)), name="sub_order_line_positive"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ForwardRoute",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "adapter",
                    models.CharField(
                        choices=[
                            ("portal", "this console"),
                            ("csv", "files"),
                            ("api", "the supplier's interface"),
                            ("wms", "the interface of a cloud warehouse"),
                        ],
                        default="portal",
                        max_length=10,
                        verbose_name="told by",
                    ),
                ),
                (
                    "url",
                    models.CharField(
                        blank=True,
                        help_text="HTTPS; our paths are put behind it.",
                        max_length=200,
                        validators=[django.core.validators.URLValidator(schemes=["https", "http"])],
                        verbose_name="address of the interface",
                    ),
                ),
                (
                    "key_id",
                    models.CharField(blank=True, editable=False, max_length=24, verbose_name="key"),
                ),
                (
                    "secret_hash",
                    models.CharField(
                        blank=True, editable=False, max_length=64, verbose_name="hash"
                    ),
                ),
                (
                    "warehouse",
                    models.OneToOneField(
                        limit_choices_to={"kind__in": ["supplier", "cloud"]},
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="forward_route",
                        to="inventory.warehouse",
                        verbose_name="warehouse",
                    ),
                ),
            ],
            options={
                "verbose_name": "way to a shipping partner",
                "verbose_name_plural": "ways to shipping partners",
                "ordering": ["warehouse"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("adapter__in", ["api", "wms"]), _negated=True),
                            models.Q(("url", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="forward_route_has_address",
                        violation_error_message="An interface has an address.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("key_id", ""), _negated=True),
                        fields=("key_id",),
                        name="forward_route_key_once",
                    ),
                ],
            },
        ),
    ]
