"""What a payment was refused for is never changed."""

from django.db import migrations

from mall.kernel.db.triggers import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("orders", "0007_bills_and_failures")]

    operations = [AppendOnly("orders_paymentfailure")]
