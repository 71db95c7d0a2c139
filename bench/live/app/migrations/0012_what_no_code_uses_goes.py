"""Contract, one release later: the index beside the traffic, the columns in a moment."""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("live", "0011_longer_texts")]
    operations = [
        migrations.RunSQL("DROP INDEX CONCURRENTLY live_at"),
        migrations.RunSQL(
            "ALTER TABLE orders_order DROP COLUMN urgency, DROP COLUMN lane, DROP COLUMN remark_id"
        ),
    ]
