"""Books and trails are append-only; a ledger transaction sums to zero at commit."""

from django.db import migrations

from mall.kernel.db.triggers import AppendOnly

ZERO_SUM = """
CREATE FUNCTION kernel_ledger_sums_to_zero() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT COALESCE(SUM(amount_fen), 0) FROM kernel_ledgerentry
        WHERE transaction_id = NEW.transaction_id) <> 0 THEN
        RAISE EXCEPTION 'ledger transaction % does not sum to zero', NEW.transaction_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER kernel_ledger_zero_sum AFTER INSERT ON kernel_ledgerentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION kernel_ledger_sums_to_zero();
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_initial")]

    operations = [
        AppendOnly("kernel_auditentry"),
        AppendOnly("kernel_ledgertransaction"),
        AppendOnly("kernel_ledgerentry"),
        migrations.RunSQL(
            ZERO_SUM,
            "DROP TRIGGER kernel_ledger_zero_sum ON kernel_ledgerentry;"
            "DROP FUNCTION kernel_ledger_sums_to_zero();",
        ),
    ]
