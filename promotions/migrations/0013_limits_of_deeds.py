"""The limits a shop begins with: one device claims offers for new buyers for one member (P-65).

Limits by network address are there and off: whole towns may stand behind one address.
"""

from django.db import migrations

RULES = (
    {"deed": "claim", "origin": "device", "counts": "members", "most": 1, "first_order_only": True},
    {
        "deed": "redeem",
        "origin": "device",
        "counts": "members",
        "most": 1,
        "first_order_only": True,
    },
    {"deed": "share", "origin": "device", "counts": "members", "most": 1},
    {"deed": "claim", "origin": "member", "most": 60, "within_minutes": 10},
    {"deed": "redeem", "origin": "member", "most": 20, "within_minutes": 10},
    {"deed": "claim", "origin": "ip", "most": 600, "within_minutes": 10, "is_on": False},
    {"deed": "redeem", "origin": "ip", "most": 100, "within_minutes": 10, "is_on": False},
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
    dependencies = [("promotions", "0012_yearly_events")]
    operations = [migrations.RunPython(make, remove)]
