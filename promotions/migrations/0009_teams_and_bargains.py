import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import mall.kernel.db.fields


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0006_flash_sales"),
        ("promotions", "0008_flash_sales"),
    ]

    operations = [
        migrations.CreateModel(
            name="BargainStart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=32, unique=True, verbose_name="number")),
                ("start_fen", mall.kernel.db.fields.FenField(verbose_name="price at the start")),
                ("floor_fen", mall.kernel.db.fields.FenField(verbose_name="lowest price")),
                ("cut_fen", mall.kernel.db.fields.FenField(default=0, verbose_name="cut so far")),
                ("helps", models.PositiveSmallIntegerField(default=0, verbose_name="helps")),
                (
                    "most_helps",
                    models.PositiveSmallIntegerField(
                        help_text="With the last of them the floor is reached.",
                        verbose_name="helps needed",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("cutting", "being cut"),
                            ("ordered", "ordered"),
                            ("bought", "bought"),
                            ("over", "over"),
                        ],
                        default="cutting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="started at")),
                ("ends_at", models.DateTimeField(verbose_name="ends at")),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bargains",
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
                "verbose_name": "bargain of a member",
                "verbose_name_plural": "bargains of members",
                "indexes": [models.Index(fields=["member", "-id"], name="bargain_of_member")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["cutting", "ordered"])),
                        fields=("item", "member"),
                        name="bargain_one_standing_a_member",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cut_fen__gte", 0),
                            ("floor_fen__gt", 0),
                            (
                                "start_fen__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("floor_fen"), "+", models.F("most_helps")
                                ),
                            ),
                            (
                                "cut_fen__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("start_fen"), "-", models.F("floor_fen")
                                ),
                            ),
                        ),
                        name="bargain_never_below_floor",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("helps__lte", models.F("most_helps")),
                            ("most_helps__gt", 0),
                            models.Q(
                                ("helps__lt", models.F("most_helps")),
                                (
                                    "cut_fen",
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("start_fen"), "-", models.F("floor_fen")
                                    ),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="bargain_last_help_reaches_floor",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("started_at"))),
                        name="bargain_window_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BargainHelp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                ("cut_fen", mall.kernel.db.fields.FenField(min_fen=1, verbose_name="cut")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "helper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.member",
                        verbose_name="helper",
                    ),
                ),
                (
                    "start",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cuts",
                        to="promotions.bargainstart",
                        verbose_name="bargain",
                    ),
                ),
            ],
            options={
                "verbose_name": "help with a bargain",
                "verbose_name_plural": "helps with bargains",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("start", "helper"), name="bargain_help_once"),
                    models.UniqueConstraint(
                        fields=("start", "position"), name="bargain_help_position"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cut_fen__gt", 0)), name="bargain_help_cuts"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=32, unique=True, verbose_name="number")),
                (
                    "size",
                    models.PositiveSmallIntegerField(
                        help_text="Buyers it takes.", verbose_name="size"
                    ),
                ),
                (
                    "seats_taken",
                    models.PositiveSmallIntegerField(default=0, verbose_name="seats taken"),
                ),
                (
                    "seats_paid",
                    models.PositiveSmallIntegerField(default=0, verbose_name="seats paid"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "waiting for buyers"),
                            ("succeeded", "complete"),
                            ("failed", "not complete in time"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("opened_at", models.DateTimeField(verbose_name="opened at")),
                ("ends_at", models.DateTimeField(verbose_name="ends at")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended at")),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="teams",
                        to="promotions.activityitem",
                        verbose_name="goods",
                    ),
                ),
                (
                    "opener",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.member",
                        verbose_name="opened by",
                    ),
                ),
            ],
            options={
                "verbose_name": "team",
                "verbose_name_plural": "teams",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["item", "ends_at"],
                        name="team_open",
                    ),
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["ends_at"], name="team_due"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seats_paid__lte", models.F("seats_taken")),
                            ("seats_taken__lte", models.F("size")),
                        ),
                        name="team_seats_lte_size",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "succeeded"), _negated=True),
                            ("seats_paid", models.F("size")),
                            _connector="OR",
                        ),
                        name="team_succeeds_complete",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("state", "open")),
                            models.Q(
                                ("ended_at__isnull", False), ("state__in", ["succeeded", "failed"])
                            ),
                            _connector="OR",
                        ),
                        name="team_ends_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at__gt", models.F("opened_at")), ("size__gte", 2)
                        ),
                        name="team_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TeamSeat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("taken_at", models.DateTimeField(verbose_name="taken at")),
                ("paid_at", models.DateTimeField(null=True, verbose_name="paid at")),
                (
                    "hold",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seat",
                        to="promotions.offerhold",
                        verbose_name="pieces held",
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
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seats",
                        to="promotions.team",
                        verbose_name="team",
                    ),
                ),
            ],
            options={
                "verbose_name": "seat of a team",
                "verbose_name_plural": "seats of teams",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("team", "member"), name="team_one_seat_a_member"
                    )
                ],
            },
        ),
    ]
