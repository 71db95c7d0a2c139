"""The shop's promises to begin with; steps of cases are kept; pieces paid back before they were
shipped know it."""

from django.db import migrations

from mall.kernel.db.triggers import AppendOnly

FAULTS = ("quality", "not_as_described", "damaged", "not_received")
OTHERS = ("size", "no_reason", "unwanted", "other")
WITHDRAWN = """
UPDATE orders_orderline line SET withdrawn = refunded
FROM orders_order o
WHERE o.id = line.order_id AND o.source <> 'import' AND line.shipped = 0 AND line.refunded > 0
"""


def promise(apps, _schema_editor):
    """One row of windows for every category, one freight rule a reason."""
    apps.get_model("orders", "AfterSalePolicy").objects.create(category=None)
    rule = apps.get_model("orders", "ReturnFreightRule")
    for reason in FAULTS:
        rule.objects.create(reason=reason, payer="supplier", freight_comes_back=True)
    for reason in OTHERS:
        rule.objects.create(reason=reason, payer="buyer", freight_comes_back=False)


class Migration(migrations.Migration):
    dependencies = [("orders", "0016_after_sales")]

    operations = [
        migrations.RunPython(promise, migrations.RunPython.noop),
        migrations.RunSQL(WITHDRAWN, migrations.RunSQL.noop),
        AppendOnly("orders_aftersaleevent"),
    ]
