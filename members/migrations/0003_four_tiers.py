"""The four tiers that come with the shop; operators may change all but their codes."""

from django.db import migrations

TIERS = (
    # code, rank, zh, en, threshold, rate, free freight from, points rate, perks
    (
        "normal",
        1,
        "普通",
        "Member",
        0,
        10_000,
        9_900,
        10_000,
        [{"icon": "truck", "zh": "满 ¥99 包邮", "en": "Free freight from ¥99"}],
    ),
    (
        "silver",
        2,
        "白银",
        "Silver",
        1,
        10_000,
        0,
        10_000,
        [{"icon": "truck", "zh": "全场包邮", "en": "Free freight"}],
    ),
    (
        "gold",
        3,
        "黄金",
        "Gold",
        30_000,
        9_500,
        0,
        12_000,
        [
            {"icon": "tag", "zh": "全场 95 折", "en": "5% off everything"},
            {"icon": "truck", "zh": "全场包邮", "en": "Free freight"},
            {"icon": "star", "zh": "积分 1.2 倍", "en": "1.2 times the points"},
        ],
    ),
    (
        "diamond",
        4,
        "钻石",
        "Diamond",
        100_001,
        9_200,
        0,
        15_000,
        [
            {"icon": "tag", "zh": "全场 92 折", "en": "8% off everything"},
            {"icon": "truck", "zh": "全场包邮", "en": "Free freight"},
            {"icon": "star", "zh": "积分 1.5 倍", "en": "1.5 times the points"},
        ],
    ),
)


def lay(apps, _schema_editor):
    tier_model = apps.get_model("members", "Tier")
    for (
        code,
        rank,
        zh,
        en,
        threshold_fen,
        rate_bp,
        free_freight_fen,
        points_rate_bp,
        perks,
    ) in TIERS:
        tier_model.objects.get_or_create(
            code=code,
            defaults={
                "rank": rank,
                "title_zh": zh,
                "title_en": en,
                "threshold_fen": threshold_fen,
                "rate_bp": rate_bp,
                "free_freight_fen": free_freight_fen,
                "points_rate_bp": points_rate_bp,
                "perks": perks,
            },
        )
    apps.get_model("members", "LoyaltyPolicy").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("members", "0002_append_only")]

    operations = [migrations.RunPython(lay, migrations.RunPython.noop)]
