"""When an event was written, beside when it happened: a seed's events happened long ago."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0004_operators_permissions")]

    operations = [
        migrations.AddField(
            model_name="outboxevent",
            name="written_at",
            field=models.DateTimeField(
                auto_now_add=True,
                default=django.utils.timezone.now,
                verbose_name="written at",
            ),
            preserve_default=False,
        ),
    ]
