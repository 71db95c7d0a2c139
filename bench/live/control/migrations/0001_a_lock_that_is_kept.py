"""What must not be: the orders locked for longer than anybody waits."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("live", "0001_a_new_table")]
    operations = [
        migrations.RunSQL(
            "LOCK TABLE orders_order IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(6)",
            migrations.RunSQL.noop,
        )
    ]
