"""A line keeps its picture as the catalogue stores it, with its sizes and texts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_frozen")]

    operations = [
        migrations.RemoveField("orderline", "image"),
        migrations.AddField(
            "orderline",
            "image",
            models.JSONField(
                blank=True,
                help_text="The stored picture: file, width, height, widths and texts.",
                null=True,
                verbose_name="picture",
            ),
        ),
    ]
