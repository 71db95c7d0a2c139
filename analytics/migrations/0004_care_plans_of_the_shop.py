"""The plans a shop begins with: all of them off, none with a coupon yet."""

from django.db import migrations

DAY = 24 * 60
PLANS = (
    ("unpaid", "未付款提醒券", 10),
    ("cart", "购物车召回", DAY),
    ("repurchase", "复购激励券", 7 * DAY),
    ("birthday", "生日礼券", 0),
    ("dormant", "沉睡会员回购券", 90 * DAY),
)


def make(apps, _editor):
    plans = apps.get_model("analytics", "CarePlan")
    for kind, title, wait_minutes in PLANS:
        plans.objects.get_or_create(kind=kind, title=title, defaults={"wait_minutes": wait_minutes})


def remove(apps, _editor):
    plans = apps.get_model("analytics", "CarePlan")
    titles = [title for _kind, title, _wait in PLANS]
    plans.objects.filter(title__in=titles, is_on=False, runs=None).delete()


class Migration(migrations.Migration):
    dependencies = [("analytics", "0003_care_plans")]
    operations = [migrations.RunPython(make, remove)]
