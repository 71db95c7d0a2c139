"""What carriers called in, and who reminded whom, is append-only."""

from django.db import migrations

from mall.kernel.db.triggers import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("orders", "0024_rights_over_orders"), ("kernel", "0003_append_only")]

    operations = [AppendOnly("orders_trackingpush"), AppendOnly("orders_paymentreminder")]
