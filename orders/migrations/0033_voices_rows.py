"""The one row of the rules of reviews comes with the shop; who has bought what so far is counted."""

from django.db import migrations

COUNT_PAIRS = """
INSERT INTO orders_productbuyer (product_id, member_id, is_counted)
SELECT DISTINCT line.product_id, placed.member_id, true
FROM orders_orderline line JOIN orders_order placed ON placed.id = line.order_id
WHERE placed.paid_at IS NOT NULL AND placed.status <> 'unpaid'
  AND placed.member_id IS NOT NULL AND line.product_id IS NOT NULL
  AND NOT line.is_gift AND line.quantity > line.refunded
ON CONFLICT DO NOTHING
"""
COUNT_BUYERS = """
UPDATE catalog_product SET buyers_count = found.buyers
FROM (SELECT product_id, count(*) AS buyers FROM orders_productbuyer GROUP BY product_id) found
WHERE found.product_id = catalog_product.id
"""
MARK = """
INSERT INTO catalog_shelfmark (product_id, at)
SELECT DISTINCT product_id, now() FROM orders_productbuyer
"""


def lay(apps, _schema_editor):
    apps.get_model("orders", "VoicesPolicy").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    safe_because = (
        "It belongs to the release that brings the shop window: no shop is open on a version "
        "before it that has rows enough here for anybody to wait."
    )

    dependencies = [
        ("orders", "0032_voices"),
        ("catalog", "0020_goods_videos_papers_complaints"),
    ]

    operations = [
        migrations.RunPython(lay, migrations.RunPython.noop),
        migrations.RunSQL([COUNT_PAIRS, COUNT_BUYERS, MARK], migrations.RunSQL.noop),
    ]
