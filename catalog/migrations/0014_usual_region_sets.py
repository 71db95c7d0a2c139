"""The parts of the country and the first tiers of cities, ready to be chosen. Source: C-71."""

from django.db import migrations

SETS = (
    ("north", "area", "华北", "North China", "11 12 13 14 15"),
    ("northeast", "area", "东北", "Northeast China", "21 22 23"),
    ("east", "area", "华东", "East China", "31 32 33 34 35 36 37"),
    ("central", "area", "华中", "Central China", "41 42 43"),
    ("south", "area", "华南", "South China", "44 45 46"),
    ("southwest", "area", "西南", "Southwest China", "50 51 52 53 54"),
    ("northwest", "area", "西北", "Northwest China", "61 62 63 64 65"),
    ("tier-1", "city_tier", "一线城市", "First-tier cities", "11 31 4401 4403"),
    (
        "tier-1-new",
        "city_tier",
        "新一线城市",
        "New first-tier cities",
        "12 50 3201 3202 3205 3301 3302 3401 3702 4101 4201 4301 4419 5101 6101",
    ),
)


def add(apps, schema_editor):
    sets = apps.get_model("catalog", "RegionSet")
    for code, kind, title_zh, title_en, prefixes in SETS:
        values = {"kind": kind, "title_zh": title_zh, "title_en": title_en}
        values["prefixes"] = prefixes.split()
        sets.objects.get_or_create(code=code, defaults=values)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0013_sales_count_may_dip")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
