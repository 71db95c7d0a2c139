"""NOT NULL in three steps: a check for new rows, looked at for old ones, then known to the table."""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("live", "0007_old_rows_are_filled_in")]
    operations = [
        migrations.RunSQL("ALTER TABLE orders_order ALTER COLUMN lane SET DEFAULT 'web'"),
        migrations.RunSQL(
            "ALTER TABLE orders_order ADD CONSTRAINT live_lane CHECK (lane IS NOT NULL) NOT VALID"
        ),
        migrations.RunSQL("UPDATE orders_order SET lane = 'web' WHERE lane IS NULL"),
        migrations.RunSQL("ALTER TABLE orders_order VALIDATE CONSTRAINT live_lane"),
        migrations.RunSQL("ALTER TABLE orders_order ALTER COLUMN lane SET NOT NULL"),
        migrations.RunSQL("ALTER TABLE orders_order DROP CONSTRAINT live_lane"),
    ]
