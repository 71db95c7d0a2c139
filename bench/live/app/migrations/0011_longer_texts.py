"""A wider varchar changes what is known of the column, not one row."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("live", "0010_a_foreign_key")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE orders_order ALTER COLUMN lane TYPE varchar(200)",
            migrations.RunSQL.noop,
        )
    ]
