from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0018_bundles_hold_no_stock"),
    ]
    safe_because = "choices live in Python only: no statement touches the table"

    operations = [
        migrations.AlterField(
            model_name="stocktake",
            name="status",
            field=models.CharField(
                choices=[
                    ("counting", "being counted"),
                    ("waiting", "waits for approval"),
                    ("approved", "approved and booked"),
                    ("refused", "refused"),
                    ("dropped", "dropped"),
                ],
                default="counting",
                max_length=10,
                verbose_name="status",
            ),
        ),
    ]
