"""Facts and amounts of suppliers are append-only, statements freeze; one row of rules is there."""

from django.db import migrations

from mall.kernel.db.triggers import AppendOnly

FREEZE = """
CREATE FUNCTION supplier_statement_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'draft' AND (TG_OP = 'DELETE' OR NEW.status = 'draft'
        OR (NEW.number, NEW.supplier_id, NEW.month, NEW.cost_fen, NEW.deducted_fen, NEW.due_on)
        IS DISTINCT FROM
        (OLD.number, OLD.supplier_id, OLD.month, OLD.cost_fen, OLD.deducted_fen, OLD.due_on))
    THEN
        RAISE EXCEPTION 'statement % is confirmed', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER supplier_statement_frozen BEFORE UPDATE OR DELETE ON inventory_supplierstatement
    FOR EACH ROW EXECUTE FUNCTION supplier_statement_frozen();

CREATE FUNCTION supplier_statement_line_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched bigint := CASE TG_OP WHEN 'INSERT' THEN NEW.statement_id ELSE OLD.statement_id END;
BEGIN
    IF TG_OP = 'UPDATE' OR EXISTS (SELECT 1 FROM inventory_supplierstatement
        WHERE id = touched AND status <> 'draft')
    THEN
        RAISE EXCEPTION 'lines of statement % are frozen', touched
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER supplier_statement_line_frozen
    BEFORE INSERT OR UPDATE OR DELETE ON inventory_supplierstatementline
    FOR EACH ROW EXECUTE FUNCTION supplier_statement_line_frozen();
"""
THAW = """
DROP TRIGGER supplier_statement_line_frozen ON inventory_supplierstatementline;
DROP FUNCTION supplier_statement_line_frozen();
DROP TRIGGER supplier_statement_frozen ON inventory_supplierstatement;
DROP FUNCTION supplier_statement_frozen();
"""


def lay(apps, _schema_editor):
    apps.get_model("inventory", "SupplierPolicy").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("inventory", "0013_purchasing")]

    operations = [
        AppendOnly("inventory_supplierfact"),
        AppendOnly("inventory_suppliercharge"),
        migrations.RunSQL(FREEZE, THAW),
        migrations.RunPython(lay, migrations.RunPython.noop),
    ]
