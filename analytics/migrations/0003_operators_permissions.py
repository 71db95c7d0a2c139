"""Who may have reports built again."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("analytics", "0002_initial")]

    operations = [
        migrations.AlterModelOptions(
            name="dailyreport",
            options={
                "verbose_name": "daily report",
                "verbose_name_plural": "daily reports",
                "ordering": ["-day"],
                "permissions": [("rebuild_dailyreport", "Can build daily reports again")],
            },
        ),
    ]
