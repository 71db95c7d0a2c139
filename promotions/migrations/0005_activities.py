import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import mall.kernel.db.fields


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0004_prices_and_quality"),
        ("members", "0005_wallet_books"),
        ("members", "__first__"),
        ("promotions", "0004_rehearsal_policy"),
    ]

    operations = [
        migrations.CreateModel(
            name="ActivityItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "price_fen",
                    mall.kernel.db.fields.FenField(
                        help_text="Of one piece.", verbose_name="activity price"
                    ),
                ),
                (
                    "quota",
                    models.PositiveIntegerField(
                        help_text="Pieces sold in this activity.", verbose_name="quota"
                    ),
                ),
                (
                    "taken",
                    models.PositiveIntegerField(default=0, editable=False, verbose_name="taken"),
                ),
                (
                    "per_member",
                    models.PositiveSmallIntegerField(
                        default=1,
                        help_text="Pieces that one member may take.",
                        verbose_name="per member",
                    ),
                ),
                (
                    "deposit_fen",
                    mall.kernel.db.fields.FenField(
                        blank=True, help_text="Presale only.", null=True, verbose_name="deposit"
                    ),
                ),
                (
                    "worth_fen",
                    mall.kernel.db.fields.FenField(
                        blank=True,
                        help_text="At the balance; presale only.",
                        null=True,
                        verbose_name="deposit counts as",
                    ),
                ),
                (
                    "floor_fen",
                    mall.kernel.db.fields.FenField(
                        blank=True,
                        help_text="What bargaining can reach.",
                        null=True,
                        verbose_name="lowest price",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="promotions.campaign",
                        verbose_name="activity",
                    ),
                ),
                (
                    "sku",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.sku",
                        verbose_name="SKU",
                    ),
                ),
            ],
            options={
                "verbose_name": "goods of an activity",
                "verbose_name_plural": "goods of activities",
                "constraints": [
                    models.UniqueConstraint(fields=("campaign", "sku"), name="activity_item_once"),
                    models.CheckConstraint(
                        condition=models.Q(("taken__lte", models.F("quota"))),
                        name="activity_taken_lte_quota",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("per_member__gt", 0), ("price_fen__gt", 0)),
                        name="activity_item_positive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("deposit_fen__isnull", True), ("worth_fen__isnull", True)),
                            models.Q(
                                ("deposit_fen__gt", 0),
                                ("worth_fen__gte", models.F("deposit_fen")),
                                ("worth_fen__lt", models.F("price_fen")),
                            ),
                            _connector="OR",
                        ),
                        name="activity_deposit_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("floor_fen__isnull", True),
                            models.Q(
                                ("floor_fen__gt", 0), ("floor_fen__lt", models.F("price_fen"))
                            ),
                            _connector="OR",
                        ),
                        name="activity_floor_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BlockedOrigin",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
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
                        help_text="As the records of deeds show it.",
                        max_length=64,
                        verbose_name="key",
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                (
                    "until",
                    models.DateTimeField(
                        blank=True, help_text="Empty: for good.", null=True, verbose_name="until"
                    ),
                ),
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
                "verbose_name": "blocked origin",
                "verbose_name_plural": "blocked origins",
                "constraints": [
                    models.UniqueConstraint(fields=("origin", "key"), name="blocked_origin_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="CodeBatch",
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
                        help_text="For whom they are: a partner, a group, a fair.",
                        max_length=60,
                        verbose_name="title",
                    ),
                ),
                (
                    "shape",
                    models.CharField(
                        choices=[
                            ("single", "each code works once"),
                            ("shared", "one code for everybody"),
                        ],
                        default="single",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("pieces", models.PositiveIntegerField(verbose_name="pieces")),
                (
                    "made",
                    models.PositiveIntegerField(
                        default=0, editable=False, verbose_name="codes made"
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="starts at")),
                ("ends_at", models.DateTimeField(verbose_name="ends at")),
                (
                    "is_stopped",
                    models.BooleanField(default=False, editable=False, verbose_name="stopped"),
                ),
                ("created_at", models.DateTimeField(verbose_name="made at")),
                (
                    "coupon",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="code_batches",
                        to="promotions.coupon",
                        verbose_name="coupon",
                    ),
                ),
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
                "verbose_name": "batch of coupon codes",
                "verbose_name_plural": "batches of coupon codes",
                "permissions": [("export_codebatch", "Can export coupon codes")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("made__lte", models.F("pieces")), ("pieces__gt", 0)),
                        name="code_batch_made_lte_pieces",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="code_batch_window_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CouponCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=32, unique=True, verbose_name="code")),
                ("most", models.PositiveIntegerField(default=1, verbose_name="works so often")),
                ("uses", models.PositiveIntegerField(default=0, verbose_name="used so often")),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="codes",
                        to="promotions.codebatch",
                        verbose_name="batch",
                    ),
                ),
            ],
            options={
                "verbose_name": "coupon code",
                "verbose_name_plural": "coupon codes",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("uses__lte", models.F("most"))),
                        name="coupon_code_uses_lte_most",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CouponHoldout",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("held_at", models.DateTimeField(verbose_name="held back at")),
                (
                    "dispatch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="holdouts",
                        to="promotions.coupondispatch",
                        verbose_name="dispatch",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="members.member",
                        verbose_name="member",
                    ),
                ),
            ],
            options={
                "verbose_name": "member held back",
                "verbose_name_plural": "members held back",
                "constraints": [
                    models.UniqueConstraint(fields=("dispatch", "member"), name="holdout_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="DeedRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "deed",
                    models.CharField(
                        choices=[
                            ("claim", "claims a coupon"),
                            ("redeem", "redeems a code"),
                            ("share", "comes by a shared link"),
                            ("group", "joins a group"),
                            ("bargain", "helps a bargain"),
                            ("invite", "is invited"),
                        ],
                        max_length=10,
                        verbose_name="deed",
                    ),
                ),
                ("subject", models.CharField(max_length=60, verbose_name="about")),
                ("device", models.CharField(blank=True, max_length=64, verbose_name="device")),
                ("ip", models.CharField(blank=True, max_length=45, verbose_name="address")),
                (
                    "address",
                    models.CharField(blank=True, max_length=64, verbose_name="shipping address"),
                ),
                (
                    "is_first_order",
                    models.BooleanField(default=False, verbose_name="for new buyers"),
                ),
                (
                    "refused",
                    models.CharField(blank=True, max_length=40, verbose_name="refused because of"),
                ),
                ("at", models.DateTimeField(db_index=True, verbose_name="at")),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="members.member",
                        verbose_name="member",
                    ),
                ),
            ],
            options={
                "verbose_name": "deed",
                "verbose_name_plural": "deeds",
                "indexes": [
                    models.Index(fields=["device", "deed", "-at"], name="deed_by_device"),
                    models.Index(fields=["ip", "deed", "-at"], name="deed_by_ip"),
                    models.Index(fields=["address", "deed", "-at"], name="deed_by_address"),
                    models.Index(fields=["member", "deed", "-at"], name="deed_by_member"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeedRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "deed",
                    models.CharField(
                        choices=[
                            ("claim", "claims a coupon"),
                            ("redeem", "redeems a code"),
                            ("share", "comes by a shared link"),
                            ("group", "joins a group"),
                            ("bargain", "helps a bargain"),
                            ("invite", "is invited"),
                        ],
                        max_length=10,
                        verbose_name="deed",
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("device", "device"),
                            ("ip", "address"),
                            ("address", "shipping address"),
                            ("member", "member"),
                        ],
                        max_length=10,
                        verbose_name="counted by",
                    ),
                ),
                (
                    "counts",
                    models.CharField(
                        choices=[("deeds", "deeds"), ("members", "members")],
                        default="deeds",
                        max_length=10,
                        verbose_name="counts",
                    ),
                ),
                ("most", models.PositiveIntegerField(verbose_name="at most")),
                (
                    "within_minutes",
                    models.PositiveIntegerField(
                        default=0, help_text="0: ever.", verbose_name="within, minutes"
                    ),
                ),
                (
                    "first_order_only",
                    models.BooleanField(
                        default=False,
                        help_text="Applies to coupons for the first order, and counts only those.",
                        verbose_name="offers for new buyers only",
                    ),
                ),
                ("is_on", models.BooleanField(default=True, verbose_name="on")),
            ],
            options={
                "verbose_name": "limit of deeds",
                "verbose_name_plural": "limits of deeds",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("most__gt", 0)), name="deed_rule_most_positive"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LiveSession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title_zh", models.CharField(max_length=40, verbose_name="title (Chinese)")),
                ("title_en", models.CharField(max_length=60, verbose_name="title (English)")),
                ("host", models.CharField(blank=True, max_length=40, verbose_name="host")),
                ("starts_at", models.DateTimeField(verbose_name="starts at")),
                ("ends_at", models.DateTimeField(verbose_name="ends at")),
            ],
            options={
                "verbose_name": "live session",
                "verbose_name_plural": "live sessions",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="live_session_window_in_order",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MemberTake",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("pieces", models.PositiveIntegerField(default=0)),
                ("most", models.PositiveIntegerField()),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="promotions.activityitem",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="members.member",
                    ),
                ),
            ],
            options={
                "verbose_name": "pieces taken by a member",
                "verbose_name_plural": "pieces taken by members",
                "constraints": [
                    models.UniqueConstraint(fields=("item", "member"), name="member_take_once"),
                    models.CheckConstraint(
                        condition=models.Q(("pieces__lte", models.F("most"))),
                        name="member_take_within_limit",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OfferHold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order_number", models.CharField(max_length=32, verbose_name="order")),
                ("attempt", models.PositiveSmallIntegerField(default=1, verbose_name="attempt")),
                (
                    "reference",
                    models.CharField(
                        blank=True,
                        help_text="The team, or the bargain.",
                        max_length=40,
                        verbose_name="reference",
                    ),
                ),
                ("pieces", models.PositiveIntegerField(verbose_name="pieces")),
                (
                    "state",
                    models.CharField(
                        choices=[("held", "held"), ("confirmed", "confirmed"), ("freed", "freed")],
                        default="held",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("held_at", models.DateTimeField(verbose_name="held at")),
                ("changed_at", models.DateTimeField(verbose_name="changed at")),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holds",
                        to="promotions.activityitem",
                        verbose_name="goods",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.member",
                        verbose_name="member",
                    ),
                ),
            ],
            options={
                "verbose_name": "pieces held of an activity",
                "verbose_name_plural": "pieces held of activities",
                "indexes": [models.Index(fields=["item", "member"], name="offer_hold_of_member")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("order_number", "attempt"), name="offer_hold_once_per_order"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("pieces__gt", 0)), name="offer_hold_positive"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ShareRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title_zh", models.CharField(max_length=40, verbose_name="title (Chinese)")),
                ("title_en", models.CharField(max_length=60, verbose_name="title (English)")),
                (
                    "daily_most",
                    models.PositiveSmallIntegerField(
                        default=10,
                        help_text="To one sharer, by business day.",
                        verbose_name="visits credited a day",
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="starts at")),
                ("ends_at", models.DateTimeField(verbose_name="ends at")),
                ("is_on", models.BooleanField(default=False, verbose_name="on")),
                (
                    "sharer_coupon",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="promotions.coupon",
                        verbose_name="coupon of the sharer",
                    ),
                ),
                (
                    "visitor_coupon",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="promotions.coupon",
                        verbose_name="coupon of the visitor",
                    ),
                ),
            ],
            options={
                "verbose_name": "share rule",
                "verbose_name_plural": "share rules",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="share_rule_window_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sharer_coupon__isnull", False),
                            ("visitor_coupon__isnull", False),
                            _connector="OR",
                        ),
                        name="share_rule_gives_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("daily_most__gt", 0)), name="share_rule_daily_positive"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ShareLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("path", models.CharField(max_length=200, verbose_name="page")),
                ("token", models.CharField(max_length=32, unique=True, verbose_name="token")),
                ("created_at", models.DateTimeField(verbose_name="made at")),
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
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="promotions.sharerule",
                        verbose_name="share rule",
                    ),
                ),
            ],
            options={
                "verbose_name": "share link",
                "verbose_name_plural": "share links",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("rule", "member", "path"), name="share_link_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ShareCredit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "sharer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.member",
                        verbose_name="sharer",
                    ),
                ),
                (
                    "visitor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.member",
                        verbose_name="visitor",
                    ),
                ),
                (
                    "link",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credits",
                        to="promotions.sharelink",
                        verbose_name="share link",
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credits",
                        to="promotions.sharerule",
                        verbose_name="share rule",
                    ),
                ),
            ],
            options={
                "verbose_name": "credited visit",
                "verbose_name_plural": "credited visits",
                "indexes": [
                    models.Index(fields=["sharer", "rule", "-at"], name="share_credit_of_sharer")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("rule", "sharer", "visitor"), name="share_credit_once_per_pair"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sharer", models.F("visitor")), _negated=True),
                        name="share_credit_of_another",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="coupon",
            name="budget_fen",
            field=mall.kernel.db.fields.FenField(
                blank=True,
                help_text="What all copies together may take off; it stops there. Empty: no limit.",
                null=True,
                verbose_name="budget",
            ),
        ),
        migrations.AddField(
            model_name="coupon",
            name="exchange_price_fen",
            field=mall.kernel.db.fields.FenField(
                default=0,
                help_text="What that piece costs; 0: nothing.",
                verbose_name="exchange price",
            ),
        ),
        migrations.AddField(
            model_name="coupon",
            name="exchange_sku",
            field=models.ForeignKey(
                blank=True,
                help_text="One piece of this SKU, of an exchange coupon.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.sku",
                verbose_name="exchanged for",
            ),
        ),
        migrations.AddField(
            model_name="coupon",
            name="is_first_order",
            field=models.BooleanField(
                default=False,
                help_text="Only for a member who has not bought before.",
                verbose_name="first order only",
            ),
        ),
        migrations.AddField(
            model_name="coupon",
            name="near_latitude",
            field=models.DecimalField(
                blank=True, decimal_places=6, max_digits=9, null=True, verbose_name="latitude"
            ),
        ),
        migrations.AddField(
            model_name="coupon",
            name="near_longitude",
            field=models.DecimalField(
                blank=True, decimal_places=6, max_digits=9, null=True, verbose_name="longitude"
            ),
        ),
        migrations.AddField(
            model_name="coupon",
            name="near_metres",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="It can be claimed only so near to the point, 3000 for 3 km.",
                null=True,
                verbose_name="within, metres",
            ),
        ),
        migrations.AddField(
            model_name="coupon",
            name="region_prefixes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=12),
                blank=True,
                default=list,
                help_text="Beginnings of region codes it is limited to; none: everywhere.",
                size=None,
                verbose_name="regions",
            ),
        ),
        migrations.AddField(
            model_name="coupon",
            name="returns_on_cancel",
            field=models.BooleanField(
                default=True, verbose_name="returned when an unpaid order closes"
            ),
        ),
        migrations.AddField(
            model_name="coupon",
            name="returns_on_refund",
            field=models.BooleanField(
                default=True, verbose_name="returned when a paid order is wholly refunded"
            ),
        ),
        migrations.AddField(
            model_name="coupon",
            name="spent_fen",
            field=mall.kernel.db.fields.FenField(default=0, editable=False, verbose_name="spent"),
        ),
        migrations.AddField(
            model_name="coupon",
            name="tier_codes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=20),
                blank=True,
                default=list,
                help_text="Only for these tiers; none: for everybody.",
                size=None,
                verbose_name="tiers",
            ),
        ),
        migrations.AddField(
            model_name="coupon",
            name="valid_minutes",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="For so many minutes after it is given; instead of days.",
                null=True,
                verbose_name="minutes valid",
            ),
        ),
        migrations.AddField(
            model_name="coupondispatch",
            name="control_bp",
            field=mall.kernel.db.fields.BpField(
                default=0,
                help_text="Share of the segment that gets none, to compare with: 1000 means 10 %.",
                verbose_name="held back",
            ),
        ),
        migrations.AddField(
            model_name="coupondispatch",
            name="held",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="held back"),
        ),
        migrations.AddField(
            model_name="coupongrant",
            name="channel",
            field=models.CharField(
                blank=True,
                default="",
                help_text="The group, live session or link it came by.",
                max_length=60,
                verbose_name="channel",
            ),
        ),
        migrations.AddField(
            model_name="coupongrant",
            name="off_fen",
            field=mall.kernel.db.fields.FenField(
                default=0, help_text="What it took off its order.", verbose_name="off"
            ),
        ),
        migrations.AlterField(
            model_name="coupon",
            name="kind",
            field=models.CharField(
                choices=[
                    ("amount", "amount off"),
                    ("rate", "rate"),
                    ("free_freight", "free freight"),
                    ("exchange", "exchange for goods"),
                ],
                max_length=15,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="coupongrant",
            name="state",
            field=models.CharField(
                choices=[
                    ("usable", "usable"),
                    ("locked", "in an unpaid order"),
                    ("used", "used"),
                    ("forfeit", "not given back"),
                ],
                default="usable",
                max_length=10,
                verbose_name="state",
            ),
        ),
        migrations.AddConstraint(
            model_name="coupondispatch",
            constraint=models.CheckConstraint(
                condition=models.Q(("control_bp__lte", 5000)), name="dispatch_control_at_most_half"
            ),
        ),
        migrations.AddConstraint(
            model_name="coupongrant",
            constraint=models.CheckConstraint(
                condition=models.Q(("off_fen__gte", 0)), name="grant_off_not_negative"
            ),
        ),
        migrations.AddField(
            model_name="coupon",
            name="live_session",
            field=models.ForeignKey(
                blank=True,
                help_text="It can be claimed only while this session is on.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="coupons",
                to="promotions.livesession",
                verbose_name="live session",
            ),
        ),
        migrations.AddConstraint(
            model_name="coupon",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("budget_fen__isnull", True),
                    ("spent_fen__lte", models.F("budget_fen")),
                    _connector="OR",
                ),
                name="coupon_spent_within_budget",
            ),
        ),
        migrations.AddConstraint(
            model_name="coupon",
            constraint=models.CheckConstraint(
                condition=models.Q(("spent_fen__gte", 0)), name="coupon_spent_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="coupon",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("exchange_sku__isnull", False), ("kind", "exchange")),
                    models.Q(
                        models.Q(("kind", "exchange"), _negated=True),
                        ("exchange_sku__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="coupon_exchange_names_its_sku",
            ),
        ),
        migrations.AddConstraint(
            model_name="coupon",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_days__isnull", True), ("valid_minutes__isnull", True), _connector="OR"
                ),
                name="coupon_days_or_minutes",
            ),
        ),
        migrations.AddConstraint(
            model_name="coupon",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("near_latitude__isnull", True),
                        ("near_longitude__isnull", True),
                        ("near_metres__isnull", True),
                    ),
                    models.Q(
                        ("near_latitude__range", (-90, 90)),
                        ("near_longitude__range", (-180, 180)),
                        ("near_metres__gt", 0),
                    ),
                    _connector="OR",
                ),
                name="coupon_point_is_whole",
            ),
        ),
    ]
