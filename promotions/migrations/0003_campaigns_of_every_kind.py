import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import mall.kernel.db.fields


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0003_append_only"),
        ("members", "0004_wallet"),
        ("members", "__first__"),
        ("promotions", "0002_pricing_settings"),
    ]

    operations = [
        migrations.CreateModel(
            name="FindingOverride",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(verbose_name="version")),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("codes", models.JSONField(default=list, verbose_name="what it answers for")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="overrides",
                        to="promotions.campaign",
                        verbose_name="campaign",
                    ),
                ),
            ],
            options={
                "verbose_name": "override",
                "verbose_name_plural": "overrides",
                "permissions": [("override_findings", "Can publish in spite of red findings")],
                "indexes": [
                    models.Index(fields=["campaign", "version"], name="finding_override_version")
                ],
            },
        ),
        migrations.CreateModel(
            name="YearlyEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=30, unique=True, verbose_name="code")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("big_sale", "big sale"),
                            ("anniversary", "brand anniversary"),
                            ("season", "change of season"),
                            ("member_day", "member day"),
                            ("festival", "festival"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("title_zh", models.CharField(max_length=40, verbose_name="title (Chinese)")),
                ("title_en", models.CharField(max_length=60, verbose_name="title (English)")),
                (
                    "month",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="Empty: every month.", null=True, verbose_name="month"
                    ),
                ),
                ("day", models.PositiveSmallIntegerField(default=1, verbose_name="day")),
                (
                    "days",
                    models.PositiveSmallIntegerField(default=1, verbose_name="number of days"),
                ),
                (
                    "lunar",
                    models.CharField(
                        blank=True,
                        default="",
                        editable=False,
                        help_text="The festival whose day moves with the moon.",
                        max_length=20,
                        verbose_name="Chinese calendar",
                    ),
                ),
            ],
            options={
                "verbose_name": "event of the year",
                "verbose_name_plural": "events of the year",
                "ordering": ["month", "day", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("month__isnull", True),
                            models.Q(("month__gte", 1), ("month__lte", 12)),
                            _connector="OR",
                        ),
                        name="yearly_event_month_in_year",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("day__gte", 1), ("day__lte", 31), ("days__gte", 1), ("days__lte", 60)
                        ),
                        name="yearly_event_days_in_range",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CampaignPlan",
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
                    "goal",
                    models.TextField(blank=True, default="", max_length=1000, verbose_name="goal"),
                ),
                (
                    "rules_text",
                    models.TextField(
                        blank=True,
                        default="",
                        help_text="What shoppers get, as agreed.",
                        max_length=2000,
                        verbose_name="rules in words",
                    ),
                ),
                (
                    "gmv_target_fen",
                    mall.kernel.db.fields.FenField(default=0, verbose_name="sales target"),
                ),
                (
                    "profit_target_fen",
                    mall.kernel.db.fields.FenField(default=0, verbose_name="profit target"),
                ),
                (
                    "budget_fen",
                    mall.kernel.db.fields.FenField(
                        default=0,
                        help_text="The budgets of its campaigns stay within it.",
                        verbose_name="budget",
                    ),
                ),
                ("preheat_at", models.DateTimeField(verbose_name="preheat from")),
                ("burst_at", models.DateTimeField(verbose_name="burst from")),
                ("long_tail_at", models.DateTimeField(verbose_name="long tail from")),
                (
                    "ends_at",
                    models.DateTimeField(
                        help_text="Selling ends here.", verbose_name="review from"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in review"),
                            ("approved", "approved"),
                            ("dropped", "dropped"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        default="",
                        editable=False,
                        max_length=200,
                        verbose_name="reason",
                    ),
                ),
                (
                    "stock_confirmed_at",
                    models.DateTimeField(
                        blank=True,
                        editable=False,
                        null=True,
                        verbose_name="start confirmed despite shortages",
                    ),
                ),
                (
                    "review_text",
                    models.TextField(
                        blank=True,
                        default="",
                        help_text="What we learned.",
                        max_length=4000,
                        verbose_name="review",
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(default=1, editable=False, verbose_name="version"),
                ),
                (
                    "checker",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="approved by",
                    ),
                ),
                (
                    "maker",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "stock_confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="confirmed by",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans",
                        to="promotions.yearlyevent",
                        verbose_name="event of the year",
                    ),
                ),
            ],
            options={
                "verbose_name": "campaign plan",
                "verbose_name_plural": "campaign plans",
                "ordering": ["-preheat_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("burst_at__gte", models.F("preheat_at")),
                            ("ends_at__gte", models.F("long_tail_at")),
                            ("long_tail_at__gt", models.F("burst_at")),
                        ),
                        name="plan_stages_in_order",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "team",
                    models.CharField(
                        choices=[
                            ("operations", "operations"),
                            ("design", "design"),
                            ("tech", "engineering"),
                            ("service", "customer service"),
                            ("supply", "supply chain"),
                        ],
                        max_length=12,
                        verbose_name="team",
                    ),
                ),
                ("text", models.CharField(max_length=200, verbose_name="to do")),
                ("sort", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                (
                    "done_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="done at"
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="done by",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="checks",
                        to="promotions.campaignplan",
                        verbose_name="campaign plan",
                    ),
                ),
            ],
            options={
                "verbose_name": "point of the checklist",
                "verbose_name_plural": "points of the checklist",
                "ordering": ["sort", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PlanForecast",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("pieces", models.PositiveIntegerField(verbose_name="expected pieces")),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="forecasts",
                        to="promotions.campaignplan",
                        verbose_name="campaign plan",
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
                "verbose_name": "expected sale",
                "verbose_name_plural": "expected sales",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "sku"), name="plan_forecast_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanPhase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("plan", "planning"),
                            ("preheat", "preheat"),
                            ("burst", "burst"),
                            ("long_tail", "long tail"),
                            ("review", "review"),
                        ],
                        max_length=10,
                        verbose_name="stage",
                    ),
                ),
                ("send_at", models.DateTimeField(verbose_name="goes out at")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("inbox", "inbox"),
                            ("sms", "SMS"),
                            ("live", "live show"),
                            ("group", "chat group"),
                            ("banner", "banner"),
                        ],
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                (
                    "tier_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        blank=True,
                        default=list,
                        help_text="Only for these tiers; none: for everybody.",
                        size=None,
                        verbose_name="tiers",
                    ),
                ),
                ("text_zh", models.CharField(max_length=300, verbose_name="message (Chinese)")),
                (
                    "text_en",
                    models.CharField(
                        blank=True, default="", max_length=400, verbose_name="message (English)"
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="promotions.campaign",
                        verbose_name="campaign",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="phases",
                        to="promotions.campaignplan",
                        verbose_name="campaign plan",
                    ),
                ),
                (
                    "segment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.segment",
                        verbose_name="segment",
                    ),
                ),
            ],
            options={
                "verbose_name": "phase of a plan",
                "verbose_name_plural": "phases of plans",
                "ordering": ["send_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Rehearsal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting for the worker"),
                            ("running", "running"),
                            ("done", "done"),
                            ("failed", "failed"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("since", models.DateTimeField(verbose_name="orders from")),
                ("until", models.DateTimeField(verbose_name="orders before")),
                (
                    "orders_total",
                    models.PositiveIntegerField(default=0, verbose_name="orders to replay"),
                ),
                (
                    "orders_done",
                    models.PositiveIntegerField(default=0, verbose_name="orders replayed"),
                ),
                ("figures", models.JSONField(blank=True, default=dict, verbose_name="figures")),
                ("failure", models.CharField(blank=True, max_length=200, verbose_name="failure")),
                ("asked_at", models.DateTimeField(verbose_name="asked at")),
                (
                    "seen_at",
                    models.DateTimeField(
                        help_text="When the worker last wrote its progress.",
                        null=True,
                        verbose_name="last sign of life",
                    ),
                ),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished at")),
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
            ],
            options={
                "verbose_name": "rehearsal",
                "verbose_name_plural": "rehearsals",
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("waiting", "running"))),
                        fields=["asked_at"],
                        name="rehearsal_unfinished",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("since"))),
                        name="rehearsal_window_in_order",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RehearsalPolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "need",
                    models.CharField(
                        choices=[
                            ("never", "never"),
                            ("large", "for the whole shop, or above the budget below"),
                            ("always", "always"),
                        ],
                        default="large",
                        max_length=10,
                        verbose_name="a rehearsal is needed",
                    ),
                ),
                (
                    "large_budget_fen",
                    mall.kernel.db.fields.FenField(
                        default=1000000,
                        help_text="Campaigns with this budget or more are rehearsed before they are published.",
                        verbose_name="large from a budget of",
                    ),
                ),
                (
                    "least_sales",
                    models.PositiveIntegerField(
                        default=50,
                        help_text="Paid pieces a SKU must have sold before it joins a promotion.",
                        verbose_name="pieces sold before",
                    ),
                ),
                (
                    "low_price_level",
                    models.CharField(
                        choices=[
                            ("red", "red: blocks publishing"),
                            ("amber", "amber: look at it"),
                            ("green", "green: in order"),
                        ],
                        default="red",
                        max_length=5,
                        verbose_name="above the lowest price of 30 days",
                    ),
                ),
                (
                    "sales_level",
                    models.CharField(
                        choices=[
                            ("red", "red: blocks publishing"),
                            ("amber", "amber: look at it"),
                            ("green", "green: in order"),
                        ],
                        default="red",
                        max_length=5,
                        verbose_name="too few sales",
                    ),
                ),
                (
                    "stock_level",
                    models.CharField(
                        choices=[
                            ("red", "red: blocks publishing"),
                            ("amber", "amber: look at it"),
                            ("green", "green: in order"),
                        ],
                        default="red",
                        max_length=5,
                        verbose_name="too little stock",
                    ),
                ),
                (
                    "listing_level",
                    models.CharField(
                        choices=[
                            ("red", "red: blocks publishing"),
                            ("amber", "amber: look at it"),
                            ("green", "green: in order"),
                        ],
                        default="amber",
                        max_length=5,
                        verbose_name="incomplete listing",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
            ],
            options={
                "verbose_name": "rules of rehearsal",
                "verbose_name_plural": "rules of rehearsal",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="rehearsal_policy_one_row"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RehearsedCampaign",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(verbose_name="version")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rehearsals",
                        to="promotions.campaign",
                        verbose_name="campaign",
                    ),
                ),
                (
                    "rehearsal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="campaigns",
                        to="promotions.rehearsal",
                        verbose_name="rehearsal",
                    ),
                ),
            ],
            options={
                "verbose_name": "rehearsed campaign",
                "verbose_name_plural": "rehearsed campaigns",
                "indexes": [models.Index(fields=["campaign", "version"], name="rehearsed_version")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("rehearsal", "campaign"), name="rehearsed_campaign_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BudgetUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order_number", models.CharField(max_length=32, verbose_name="order")),
                ("amount_fen", mall.kernel.db.fields.FenField(verbose_name="cost")),
                (
                    "returned_fen",
                    mall.kernel.db.fields.FenField(default=0, verbose_name="given back"),
                ),
                ("used_at", models.DateTimeField(verbose_name="used at")),
                (
                    "returned_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="given back at"),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="budget_uses",
                        to="promotions.campaign",
                        verbose_name="campaign",
                    ),
                ),
            ],
            options={
                "verbose_name": "use of a budget",
                "verbose_name_plural": "uses of budgets",
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("order_number", "campaign"), name="budget_use_once_per_order"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_fen__gt", 0)), name="budget_use_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("returned_fen__gte", 0), ("returned_fen__lte", models.F("amount_fen"))
                        ),
                        name="budget_use_returned_within",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CampaignFinding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(verbose_name="version")),
                (
                    "kind",
                    models.CharField(
                        choices=[("rehearsal", "rehearsal"), ("goods", "check of goods")],
                        max_length=12,
                        verbose_name="found by",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("red", "red: blocks publishing"),
                            ("amber", "amber: look at it"),
                            ("green", "green: in order"),
                        ],
                        max_length=5,
                        verbose_name="level",
                    ),
                ),
                ("code", models.CharField(max_length=40, verbose_name="what")),
                ("facts", models.JSONField(blank=True, default=dict, verbose_name="facts")),
                ("found_at", models.DateTimeField(verbose_name="found at")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="findings",
                        to="promotions.campaign",
                        verbose_name="campaign",
                    ),
                ),
                (
                    "rehearsal",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="findings",
                        to="promotions.rehearsal",
                        verbose_name="rehearsal",
                    ),
                ),
            ],
            options={
                "verbose_name": "finding",
                "verbose_name_plural": "findings",
                "indexes": [
                    models.Index(
                        fields=["campaign", "version", "kind"], name="campaign_finding_version"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="campaign",
            name="budget_fen",
            field=mall.kernel.db.fields.FenField(
                blank=True,
                help_text="What it may cost in all; it stops there. Empty: no limit.",
                null=True,
                verbose_name="budget",
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="checker",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="approved by",
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="excludes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=20),
                blank=True,
                default=list,
                help_text="Lanes of the price that a line may not use beside this campaign.",
                size=None,
                verbose_name="shuts out",
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="exclusive_group",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Of campaigns with the same group a line takes part in one.",
                max_length=40,
                verbose_name="exclusive group",
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="maker",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="written by",
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="reason",
            field=models.CharField(
                blank=True,
                default="",
                editable=False,
                help_text="Why it was paused or returned.",
                max_length=200,
                verbose_name="reason",
            ),
        ),
        migrations.AddField(
            model_name="campaign",
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
            model_name="campaign",
            name="spent_fen",
            field=mall.kernel.db.fields.FenField(default=0, editable=False, verbose_name="spent"),
        ),
        migrations.AddField(
            model_name="campaign",
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
            model_name="pricingsettings",
            name="approval_over_fen",
            field=mall.kernel.db.fields.FenField(
                blank=True,
                default=1000000,
                help_text="A campaign with a larger budget, or with none, is approved by somebody else than its writer. Empty: one person may do both.",
                null=True,
                verbose_name="approval by a second person from",
            ),
        ),
        migrations.AlterField(
            model_name="campaign",
            name="kind",
            field=models.CharField(
                choices=[
                    ("sale", "sale price"),
                    ("quantity_price", "price by quantity"),
                    ("member_price", "member price"),
                    ("second_half_price", "second piece at a rate"),
                    ("pieces_rate", "rate from a number of pieces"),
                    ("bundle_price", "bundle price"),
                    ("gift", "gift with a purchase"),
                    ("threshold_off", "money off from a threshold"),
                    ("threshold_rate", "rate from a threshold"),
                    ("every_off", "money off for every amount"),
                    ("member_day", "member day"),
                    ("loyal_rate", "rate for old customers"),
                    ("free_freight", "free freight from a threshold"),
                    ("flash", "flash sale"),
                    ("group", "group buy"),
                    ("bargain", "bargain"),
                    ("presale", "presale"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="campaign",
            name="status",
            field=models.CharField(
                choices=[
                    ("draft", "draft"),
                    ("in_review", "in review"),
                    ("approved", "approved"),
                    ("live", "live"),
                    ("paused", "paused"),
                ],
                default="draft",
                max_length=10,
                verbose_name="status",
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="plan",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="campaigns",
                to="promotions.campaignplan",
                verbose_name="campaign plan",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("budget_fen__isnull", True),
                    ("spent_fen__lte", models.F("budget_fen")),
                    _connector="OR",
                ),
                name="campaign_spent_within_budget",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("spent_fen__gte", 0)), name="campaign_spent_not_negative"
            ),
        ),
    ]
