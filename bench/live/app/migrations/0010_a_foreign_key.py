"""A foreign key for new rows, then for old ones."""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("live", "0009_a_unique_rule")]
    operations = [
        migrations.RunSQL("ALTER TABLE orders_order ADD COLUMN remark_id bigint"),
        migrations.RunSQL(
            "ALTER TABLE orders_order ADD CONSTRAINT live_remark"
            " FOREIGN KEY (remark_id) REFERENCES live_remark (id) NOT VALID"
        ),
        migrations.RunSQL("ALTER TABLE orders_order VALIDATE CONSTRAINT live_remark"),
    ]
