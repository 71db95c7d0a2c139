"""Expand: a new table that points at orders. Its foreign key locks the orders for a moment."""

from django.db import migrations, models

from bench.live.elsewhere import newest


class Migration(migrations.Migration):
    dependencies = [newest("orders"), newest("kernel")]
    operations = [
        migrations.CreateModel(
            name="Remark",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("order", models.ForeignKey("orders.order", models.CASCADE, related_name="+")),
                ("text", models.TextField()),
            ],
        )
    ]
