import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import mall.kernel.db.fields
import mall.kernel.db.text


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0008_fulfilment"),
        ("members", "0008_reward_taken_back"),
        ("members", "__first__"),
        ("orders", "0013_pickups_and_channels"),
    ]

    operations = [
        migrations.CreateModel(
            name="Carrier",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=20, unique=True, verbose_name="code")),
                ("title_zh", models.CharField(max_length=40, verbose_name="title (Chinese)")),
                ("title_en", models.CharField(max_length=60, verbose_name="title (English)")),
                (
                    "adapter",
                    models.CharField(
                        choices=[
                            ("manual", "scans are typed in"),
                            ("express", "tracked by the aggregator"),
                        ],
                        default="manual",
                        max_length=10,
                        verbose_name="tracking",
                    ),
                ),
                (
                    "outside_code",
                    models.CharField(
                        blank=True,
                        help_text="Empty: the same as the code.",
                        max_length=30,
                        verbose_name="code at the aggregator",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                ("position", models.PositiveSmallIntegerField(default=10, verbose_name="position")),
            ],
            options={
                "verbose_name": "carrier",
                "verbose_name_plural": "carriers",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="CarrierPrice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "region_prefix",
                    models.CharField(
                        blank=True,
                        help_text="Beginning of a region code: 11 is Beijing. Empty: everywhere else.",
                        max_length=9,
                        verbose_name="area",
                    ),
                ),
                (
                    "first_grams",
                    models.PositiveIntegerField(default=1000, verbose_name="first weight"),
                ),
                ("first_fen", mall.kernel.db.fields.FenField(verbose_name="for the first weight")),
                (
                    "more_grams",
                    models.PositiveIntegerField(default=1000, verbose_name="each further weight"),
                ),
                (
                    "more_fen",
                    mall.kernel.db.fields.FenField(
                        default=0, verbose_name="for each further weight"
                    ),
                ),
                (
                    "promise_hours",
                    models.PositiveSmallIntegerField(default=72, verbose_name="hours to the door"),
                ),
                (
                    "carrier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="prices",
                        to="orders.carrier",
                        verbose_name="carrier",
                    ),
                ),
            ],
            options={
                "verbose_name": "carrier's price",
                "verbose_name_plural": "carriers' prices",
                "ordering": ["carrier", "region_prefix"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("carrier", "region_prefix"), name="carrier_price_once_per_area"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("first_fen__gte", 0),
                            ("first_grams__gt", 0),
                            ("more_fen__gte", 0),
                            ("more_grams__gt", 0),
                            ("promise_hours__gt", 0),
                        ),
                        name="carrier_price_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FulfilmentPolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "priority_rank",
                    models.PositiveSmallIntegerField(
                        default=3,
                        help_text="Rank of the tier: 3 is gold.",
                        verbose_name="priority from tier",
                    ),
                ),
                (
                    "late_hours",
                    models.PositiveSmallIntegerField(
                        default=48,
                        help_text="Hours since it was paid.",
                        verbose_name="late when not shipped after",
                    ),
                ),
                (
                    "stalled_hours",
                    models.PositiveSmallIntegerField(
                        default=24,
                        help_text="Hours without news.",
                        verbose_name="parcel stands still after",
                    ),
                ),
                (
                    "remind_hours",
                    models.PositiveSmallIntegerField(
                        default=24,
                        help_text="Hours between two reminders to pay.",
                        verbose_name="remind again after",
                    ),
                ),
                (
                    "check_hours",
                    models.PositiveSmallIntegerField(
                        default=2, verbose_name="target: paid to checked, hours"
                    ),
                ),
                (
                    "pack_hours",
                    models.PositiveSmallIntegerField(
                        default=12, verbose_name="target: checked to packed, hours"
                    ),
                ),
                (
                    "ship_hours",
                    models.PositiveSmallIntegerField(
                        default=10, verbose_name="target: packed to shipped, hours"
                    ),
                ),
                (
                    "sign_hours",
                    models.PositiveSmallIntegerField(
                        default=72, verbose_name="target: shipped to signed, hours"
                    ),
                ),
            ],
            options={
                "verbose_name": "targets of fulfilment",
                "verbose_name_plural": "targets of fulfilment",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="fulfilment_policy_one_row"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("late_hours__gt", 0), ("remind_hours__gt", 0), ("stalled_hours__gt", 0)
                        ),
                        name="fulfilment_policy_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reasons",
                    models.JSONField(
                        default=list,
                        help_text='A list of {"code", "facts"}.',
                        verbose_name="reasons",
                    ),
                ),
                ("opened_at", models.DateTimeField(verbose_name="opened at")),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("passed", "passed"),
                            ("rejected", "rejected"),
                            ("over", "closed before it was decided"),
                        ],
                        max_length=10,
                        verbose_name="verdict",
                    ),
                ),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="decided at"),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
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
                        related_name="checks",
                        to="orders.order",
                        verbose_name="order",
                    ),
                ),
            ],
            options={
                "verbose_name": "order check",
                "verbose_name_plural": "order checks",
                "indexes": [
                    models.Index(
                        condition=models.Q(("verdict", "")),
                        fields=["opened_at", "id"],
                        name="order_check_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("verdict", "")),
                        fields=("order",),
                        name="order_check_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("verdict", "")),
                            models.Q(
                                models.Q(("verdict", ""), _negated=True),
                                ("decided_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="order_check_decided_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PickList",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=32, unique=True, verbose_name="number")),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
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
                "verbose_name": "pick list",
                "verbose_name_plural": "pick lists",
                "indexes": [
                    models.Index(fields=["warehouse", "-made_at"], name="pick_list_newest")
                ],
            },
        ),
        migrations.CreateModel(
            name="Packing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "packed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="packed at"),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="packings",
                        to="orders.order",
                        verbose_name="order",
                    ),
                ),
                (
                    "packed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
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
                (
                    "pick_list",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="packings",
                        to="orders.picklist",
                        verbose_name="pick list",
                    ),
                ),
            ],
            options={
                "verbose_name": "packing",
                "verbose_name_plural": "packings",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("order", "warehouse"), name="packing_once_per_warehouse"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PaymentReminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
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
                        related_name="reminders",
                        to="orders.order",
                        verbose_name="order",
                    ),
                ),
            ],
            options={
                "verbose_name": "reminder to pay",
                "verbose_name_plural": "reminders to pay",
                "indexes": [models.Index(fields=["order", "-at"], name="payment_reminder_latest")],
            },
        ),
        migrations.CreateModel(
            name="ReviewPolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_on", models.BooleanField(default=True, verbose_name="check paid orders")),
                (
                    "amount_fen",
                    mall.kernel.db.fields.FenField(
                        default=500000,
                        help_text="In yuan; 0: no order is too big.",
                        verbose_name="big amount from",
                    ),
                ),
                (
                    "address_letters",
                    models.PositiveSmallIntegerField(
                        default=4,
                        help_text="Letters of street and number; a shorter one is looked at.",
                        verbose_name="shortest address",
                    ),
                ),
                (
                    "address_needs_number",
                    models.BooleanField(default=True, verbose_name="address needs a number"),
                ),
                (
                    "blocked_prefixes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=9),
                        blank=True,
                        default=list,
                        help_text="Beginnings of region codes, separated by commas.",
                        size=None,
                        verbose_name="regions to look at",
                    ),
                ),
            ],
            options={
                "verbose_name": "rules of checking orders",
                "verbose_name_plural": "rules of checking orders",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="review_policy_one_row"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_fen__gte", 0)), name="review_policy_amount"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TrackingPush",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("adapter", models.CharField(max_length=10, verbose_name="tracking")),
                (
                    "push_id",
                    models.CharField(blank=True, max_length=64, verbose_name="id of the call"),
                ),
                ("headers", models.JSONField(default=dict, verbose_name="headers")),
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
                    "shipment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pushes",
                        to="orders.shipment",
                        verbose_name="shipment",
                    ),
                ),
            ],
            options={
                "verbose_name": "carrier's call-back",
                "verbose_name_plural": "carriers' call-backs",
                "indexes": [models.Index(fields=["-received_at"], name="tracking_push_newest")],
            },
        ),
        migrations.AlterModelOptions(
            name="ordertask",
            options={
                "permissions": [
                    ("supervise_ordertask", "Is told of overdue tasks and hands them out")
                ],
                "verbose_name": "exception task",
                "verbose_name_plural": "exception tasks",
            },
        ),
        migrations.AddField(
            model_name="order",
            name="is_priority",
            field=models.BooleanField(
                default=False, help_text="Packed before the others (O-21).", verbose_name="priority"
            ),
        ),
        migrations.AddField(
            model_name="shipment",
            name="cost_fen",
            field=mall.kernel.db.fields.FenField(
                default=0,
                help_text="What the carrier asks for it by its prices.",
                verbose_name="cost",
            ),
        ),
        migrations.AddField(
            model_name="shipment",
            name="grams",
            field=models.PositiveIntegerField(default=0, verbose_name="weight in grams"),
        ),
        migrations.AddField(
            model_name="shipment",
            name="is_damaged",
            field=models.BooleanField(default=False, verbose_name="damaged"),
        ),
        migrations.AddField(
            model_name="shipment",
            name="last_event_at",
            field=models.DateTimeField(
                blank=True,
                help_text="When the last scan was made.",
                null=True,
                verbose_name="last news at",
            ),
        ),
        migrations.AddField(
            model_name="shipment",
            name="promised_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="promised until"),
        ),
        migrations.AddField(
            model_name="shipment",
            name="subscribed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="tracked since"),
        ),
        migrations.AddField(
            model_name="shipment",
            name="warehouse",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="inventory.warehouse",
                verbose_name="warehouse",
            ),
        ),
        migrations.AddField(
            model_name="shipmenttrace",
            name="is_typed",
            field=models.BooleanField(default=True, verbose_name="typed in"),
        ),
        migrations.AddField(
            model_name="shipmenttrace",
            name="words",
            field=models.CharField(
                blank=True,
                max_length=200,
                validators=[mall.kernel.db.text.refuse_unsafe_text],
                verbose_name="the carrier's words",
            ),
        ),
        migrations.AlterField(
            model_name="shipmenttrace",
            name="code",
            field=models.CharField(
                choices=[
                    ("picked", "picked up"),
                    ("transit", "on its way"),
                    ("delivering", "out for delivery"),
                    ("signed", "signed"),
                    ("problem", "could not be delivered"),
                    ("returned", "on its way back"),
                ],
                max_length=12,
                verbose_name="what",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("status__in", ["paid", "part_shipped"])),
                fields=["-is_priority", "paid_at", "id"],
                name="order_to_pack",
            ),
        ),
        migrations.AddIndex(
            model_name="shipment",
            index=models.Index(fields=["tracking_no"], name="shipment_tracking_no"),
        ),
        migrations.AddIndex(
            model_name="shipment",
            index=models.Index(fields=["-shipped_at"], name="shipment_newest"),
        ),
        migrations.AddIndex(
            model_name="shipment",
            index=models.Index(
                condition=models.Q(("signed_at__isnull", True)),
                fields=["last_event_at"],
                name="shipment_unsigned",
            ),
        ),
    ]
