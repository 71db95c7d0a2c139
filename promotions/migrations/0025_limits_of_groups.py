"""One device joins group buys for one member a day: no team of one's own accounts (P-65, ATK-37).

By network address there is a limit too, and off: whole towns may stand behind one address.
"""

from django.db import migrations

RULES = (
    {"deed": "group", "origin": "device", "counts": "members", "most": 1, "within_minutes": 1440},
    {"deed": "group", "origin": "ip", "most": 600, "within_minutes": 10, "is_on": False},
)


def make(apps, _editor):
    rules = apps.get_model("promotions", "DeedRule")
    for values in RULES:
        rules.objects.get_or_create(**values)


def remove(apps, _editor):
    rules = apps.get_model("promotions", "DeedRule")
    for values in RULES:
        rules.objects.filter(**values).delete()


class Migration(migrations.Migration):
    atomic = False  # two rows
    dependencies = [("promotions", "0024_phases_go_out")]
    operations = [migrations.RunPython(make, remove)]
