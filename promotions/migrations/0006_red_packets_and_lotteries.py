import django.db.models.deletion
from django.db import migrations, models

import mall.kernel.db.fields


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0005_wallet_books"),
        ("promotions", "0005_activities"),
    ]

    operations = [
        migrations.CreateModel(
            name="Lottery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title_zh", models.CharField(max_length=40, verbose_name="title (Chinese)")),
                ("title_en", models.CharField(max_length=60, verbose_name="title (English)")),
                ("starts_at", models.DateTimeField(verbose_name="starts at")),
                ("ends_at", models.DateTimeField(verbose_name="ends at")),
                (
                    "cost_points",
                    models.PositiveIntegerField(
                        default=0, help_text="0: a draw is free.", verbose_name="points for a draw"
                    ),
                ),
                (
                    "draws_a_day",
                    models.PositiveSmallIntegerField(
                        default=1, help_text="Of one member.", verbose_name="draws a day"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "draft"), ("live", "live"), ("paused", "paused")],
                        default="draft",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(default=1, editable=False, verbose_name="version"),
                ),
            ],
            options={
                "verbose_name": "lottery",
                "verbose_name_plural": "lotteries",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="lottery_window_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("draws_a_day__gt", 0)), name="lottery_has_draws"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Prize",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("nothing", "nothing this time"),
                            ("coupon", "coupon"),
                            ("points", "points"),
                            ("wallet", "money in the wallet"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("title_zh", models.CharField(max_length=40, verbose_name="title (Chinese)")),
                ("title_en", models.CharField(max_length=60, verbose_name="title (English)")),
                (
                    "weight",
                    models.PositiveIntegerField(
                        help_text="Its odds are its weight over the sum of all weights.",
                        verbose_name="weight",
                    ),
                ),
                (
                    "quota",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Pieces; empty for the blank only.",
                        null=True,
                        verbose_name="quota",
                    ),
                ),
                (
                    "awarded",
                    models.PositiveIntegerField(default=0, editable=False, verbose_name="awarded"),
                ),
                ("points", models.PositiveIntegerField(default=0, verbose_name="points")),
                (
                    "amount_fen",
                    mall.kernel.db.fields.FenField(
                        default=0, help_text="Into the wallet, in yuan.", verbose_name="amount"
                    ),
                ),
                (
                    "coupon",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="promotions.coupon",
                        verbose_name="coupon",
                    ),
                ),
                (
                    "lottery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="prizes",
                        to="promotions.lottery",
                        verbose_name="lottery",
                    ),
                ),
            ],
            options={
                "verbose_name": "prize",
                "verbose_name_plural": "prizes",
                "ordering": ["lottery", "position", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "nothing")),
                        fields=("lottery",),
                        name="lottery_has_one_blank",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("awarded__lte", models.F("quota")), ("quota", None), _connector="OR"
                        ),
                        name="prize_within_quota",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "nothing"), ("quota", None)),
                            models.Q(
                                models.Q(("kind", "nothing"), _negated=True),
                                models.Q(("quota", None), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="prize_but_the_blank_has_quota",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "nothing"),
                            models.Q(("coupon__isnull", False), ("kind", "coupon")),
                            models.Q(("kind", "points"), ("points__gt", 0)),
                            models.Q(("amount_fen__gt", 0), ("kind", "wallet")),
                            _connector="OR",
                        ),
                        name="prize_has_its_value",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Draw",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=32, unique=True, verbose_name="number")),
                (
                    "version",
                    models.PositiveIntegerField(
                        help_text="Of the odds it was drawn with.", verbose_name="version"
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                ("chance_no", models.PositiveSmallIntegerField(verbose_name="number")),
                ("cost_points", models.PositiveIntegerField(default=0, verbose_name="points paid")),
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
                    "lottery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="draws",
                        to="promotions.lottery",
                        verbose_name="lottery",
                    ),
                ),
                (
                    "missed",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="promotions.prize",
                        verbose_name="drawn but gone",
                    ),
                ),
                (
                    "prize",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="draws",
                        to="promotions.prize",
                        verbose_name="prize",
                    ),
                ),
            ],
            options={
                "verbose_name": "draw",
                "verbose_name_plural": "draws",
                "indexes": [models.Index(fields=["member", "-id"], name="draws_of_member")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("lottery", "member", "day", "chance_no"),
                        name="draw_once_per_chance",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RedPacketFund",
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
                    "total_fen",
                    mall.kernel.db.fields.FenField(
                        default=1000, help_text="In yuan.", min_fen=1, verbose_name="in a packet"
                    ),
                ),
                (
                    "shares",
                    models.PositiveSmallIntegerField(
                        default=5, help_text="How many people share one.", verbose_name="shares"
                    ),
                ),
                (
                    "valid_hours",
                    models.PositiveSmallIntegerField(
                        default=24,
                        help_text="What nobody took by then comes back.",
                        verbose_name="hours valid",
                    ),
                ),
                (
                    "budget_fen",
                    mall.kernel.db.fields.FenField(
                        help_text="In yuan; no packet is opened beyond it.",
                        min_fen=1,
                        verbose_name="budget",
                    ),
                ),
                (
                    "spent_fen",
                    mall.kernel.db.fields.FenField(default=0, editable=False, verbose_name="spent"),
                ),
                (
                    "is_for_orders",
                    models.BooleanField(
                        default=False,
                        help_text="Who has paid may share one.",
                        verbose_name="a packet with every order",
                    ),
                ),
                (
                    "order_from_fen",
                    mall.kernel.db.fields.FenField(
                        default=0,
                        help_text="What the order must have cost, in yuan.",
                        verbose_name="for orders from",
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="starts at")),
                ("ends_at", models.DateTimeField(verbose_name="ends at")),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "draft"), ("live", "live"), ("paused", "paused")],
                        default="draft",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
            ],
            options={
                "verbose_name": "red packet fund",
                "verbose_name_plural": "red packet funds",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("spent_fen__gte", 0), ("spent_fen__lte", models.F("budget_fen"))
                        ),
                        name="packet_fund_within_budget",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("shares__gt", 0),
                            ("total_fen__gte", models.F("shares")),
                            ("valid_hours__gt", 0),
                        ),
                        name="packet_fund_has_shares",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="packet_fund_window_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RedPacket",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=32, unique=True, verbose_name="code")),
                (
                    "order_number",
                    models.CharField(blank=True, default="", max_length=32, verbose_name="order"),
                ),
                ("total_fen", mall.kernel.db.fields.FenField(min_fen=1, verbose_name="amount")),
                ("shares", models.PositiveSmallIntegerField(verbose_name="shares")),
                ("left_fen", mall.kernel.db.fields.FenField(verbose_name="money left")),
                ("left_shares", models.PositiveSmallIntegerField(verbose_name="shares left")),
                (
                    "returned_fen",
                    mall.kernel.db.fields.FenField(default=0, verbose_name="returned"),
                ),
                ("opened_at", models.DateTimeField(verbose_name="opened at")),
                ("ends_at", models.DateTimeField(verbose_name="ends at")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="closed at")),
                (
                    "opener",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="red_packets",
                        to="members.member",
                        verbose_name="opener",
                    ),
                ),
                (
                    "fund",
                    models.ForeignKey(
                        help_text="Empty: from the opener's wallet.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="packets",
                        to="promotions.redpacketfund",
                        verbose_name="fund",
                    ),
                ),
            ],
            options={
                "verbose_name": "red packet",
                "verbose_name_plural": "red packets",
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=["ends_at"],
                        name="red_packet_due",
                    ),
                    models.Index(fields=["opener", "-id"], name="red_packets_of_member"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("order_number", ""), _negated=True),
                        fields=("order_number",),
                        name="red_packet_once_per_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("left_fen__gte", models.F("left_shares")),
                            ("left_fen__lte", models.F("total_fen")),
                        ),
                        name="red_packet_a_fen_for_each_share",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("left_shares__gt", 0), ("left_fen", 0), _connector="OR"
                        ),
                        name="red_packet_ends_empty",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("fund__isnull", False), ("opener__isnull", False), _connector="OR"
                        ),
                        name="red_packet_has_a_giver",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RedPacketClaim",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                ("amount_fen", mall.kernel.db.fields.FenField(min_fen=1, verbose_name="amount")),
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
                    "packet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="promotions.redpacket",
                        verbose_name="red packet",
                    ),
                ),
            ],
            options={
                "verbose_name": "share of a red packet",
                "verbose_name_plural": "shares of red packets",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("packet", "member"), name="red_packet_once_a_member"
                    ),
                    models.UniqueConstraint(
                        fields=("packet", "position"), name="red_packet_share_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_fen__gte", 1)), name="red_packet_share_of_a_fen"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DrawDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                ("used", models.PositiveSmallIntegerField(default=0, verbose_name="used")),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.member",
                    ),
                ),
                (
                    "lottery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="promotions.lottery",
                    ),
                ),
            ],
            options={
                "verbose_name": "draws of a day",
                "verbose_name_plural": "draws of days",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("lottery", "member", "day"), name="draw_day_once"
                    )
                ],
            },
        ),
    ]
