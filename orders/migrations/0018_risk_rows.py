"""The policies are one row each; judgements and alarms are append-only."""

from django.db import migrations

from mall.kernel.db.triggers import AppendOnly


def make_rows(apps, _editor):
    for name in ("RiskPolicy", "PaymentPolicy"):
        apps.get_model("orders", name).objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("orders", "0017_after_sales_promises"), ("kernel", "0003_append_only")]

    operations = [
        migrations.RunPython(make_rows, migrations.RunPython.noop),
        AppendOnly("orders_riskdecision"),
        AppendOnly("orders_paymentalarm"),
    ]
