"""What was decided for an order is never written over."""

from django.db import migrations

from mall.kernel.db.triggers import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("inventory", "0010_routing"), ("kernel", "0003_append_only")]

    operations = [AppendOnly("inventory_allocationlog")]
