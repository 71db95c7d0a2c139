"""What shipping partners said is append-only."""

from django.db import migrations

from mall.kernel.db.triggers import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("orders", "0027_dropship"), ("kernel", "0003_append_only")]

    operations = [AppendOnly("orders_partnerreport")]
