"""Expand: the new column of the old rows, a thousand at a time, each in a transaction of its own."""

from django.db import migrations

CHUNK = 1_000
FILL = """
    UPDATE orders_order SET lane = 'web' WHERE id IN (
        SELECT id FROM orders_order WHERE lane IS NULL ORDER BY id LIMIT %s FOR NO KEY UPDATE)
"""


def fill(_apps, schema_editor):
    """Locks: a thousand orders at a time, pk order."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(FILL, [CHUNK])
        while cursor.rowcount:
            cursor.execute(FILL, [CHUNK])


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("live", "0006_the_check_for_all_rows")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
