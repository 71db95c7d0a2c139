"""A return intake can be called off, and what completion credited to suppliers is taken back.

Completed orders used to credit a supplier's account with what its goods cost; its statement credits
it as well, and is the one that is paid (I-42, O-41). One posting an order, and never a second one.
What no statement had, parcels that a person sent from a supplier's house, orders' 0038 puts there.
"""

from django.db import migrations, models

TAKEN_BACK = """
WITH doubled AS (
    SELECT t.reference, e.account_id, e.amount_fen FROM kernel_ledgertransaction t
    JOIN kernel_ledgerentry e ON e.transaction_id = t.id
    JOIN kernel_ledgeraccount a ON a.id = e.account_id
    WHERE t.kind = 'settlement' AND STARTS_WITH(a.code, 'supplier:')),
sales AS (
    INSERT INTO kernel_ledgeraccount (code) SELECT 'sales' WHERE EXISTS (SELECT FROM doubled)
    ON CONFLICT (code) DO UPDATE SET code = excluded.code RETURNING id),
posted AS (
    INSERT INTO kernel_ledgertransaction (kind, reference, at)
    SELECT DISTINCT 'supplier_correction', reference, now() FROM doubled
    ON CONFLICT (kind, reference) DO NOTHING RETURNING id, reference)
INSERT INTO kernel_ledgerentry (transaction_id, account_id, amount_fen)
SELECT posted.id, doubled.account_id, -doubled.amount_fen FROM posted JOIN doubled USING (reference)
UNION ALL
SELECT posted.id, sales.id, SUM(doubled.amount_fen) FROM posted JOIN doubled USING (reference)
CROSS JOIN sales GROUP BY posted.id, sales.id
"""
"""Run once more it takes back only what old code has posted since."""


class Migration(migrations.Migration):
    safe_because = "choices live in Python only; the postings are new rows of a book without locks"

    dependencies = [
        ("inventory", "0019_stocktake_dropped"),
        ("kernel", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="returnintake",
            name="status",
            field=models.CharField(
                choices=[
                    ("expected", "expected"),
                    ("arrived", "arrived"),
                    ("inspected", "inspected and booked"),
                    ("called_off", "called off"),
                ],
                default="expected",
                max_length=10,
                verbose_name="status",
            ),
        ),
        migrations.RunSQL(TAKEN_BACK, migrations.RunSQL.noop),
    ]
