"""What a bundle was made of when it was sold is frozen with the rest of its line (INV-10, C-13)."""

from django.db import migrations

BEFORE = """
CREATE OR REPLACE FUNCTION orders_line_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE'
       OR (NEW.order_id, NEW.sku_id, NEW.sku_code, NEW.title_zh, NEW.title_en, NEW.options, NEW.quantity,
           NEW.list_fen)
          IS DISTINCT FROM
          (OLD.order_id, OLD.sku_id, OLD.sku_code, OLD.title_zh, OLD.title_en, OLD.options, OLD.quantity,
           OLD.list_fen)
       OR NEW.payable_fen <> OLD.payable_fen
          AND NOT (NEW.payable_fen < OLD.payable_fen AND NEW.price_version > OLD.price_version
                   AND NEW.price_version =
                       (SELECT price_version FROM orders_order WHERE id = NEW.order_id)) THEN
        RAISE EXCEPTION 'order line % is frozen', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""

AFTER = """
CREATE OR REPLACE FUNCTION orders_line_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE'
       OR (NEW.order_id, NEW.sku_id, NEW.sku_code, NEW.title_zh, NEW.title_en, NEW.options, NEW.quantity,
           NEW.list_fen, NEW.parts)
          IS DISTINCT FROM
          (OLD.order_id, OLD.sku_id, OLD.sku_code, OLD.title_zh, OLD.title_en, OLD.options, OLD.quantity,
           OLD.list_fen, OLD.parts)
       OR NEW.payable_fen <> OLD.payable_fen
          AND NOT (NEW.payable_fen < OLD.payable_fen AND NEW.price_version > OLD.price_version
                   AND NEW.price_version =
                       (SELECT price_version FROM orders_order WHERE id = NEW.order_id)) THEN
        RAISE EXCEPTION 'order line % is frozen', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0034_lines_of_bundles")]

    operations = [migrations.RunSQL(AFTER, BEFORE)]
