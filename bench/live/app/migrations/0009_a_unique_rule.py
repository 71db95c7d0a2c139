"""Unique: the index beside the traffic, then the constraint takes it over in a moment."""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("live", "0008_the_column_may_not_be_empty")]
    operations = [
        migrations.RunSQL(
            "CREATE UNIQUE INDEX CONCURRENTLY live_once ON kernel_outboxevent (id, name)",
            "DROP INDEX CONCURRENTLY live_once",
        ),
        migrations.RunSQL(
            "ALTER TABLE kernel_outboxevent ADD CONSTRAINT live_once UNIQUE USING INDEX live_once",
            migrations.RunSQL.noop,
        ),
    ]
