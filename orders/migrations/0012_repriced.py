"""The shop may lower the price of an order that nobody has paid: with a new price version and its
row in the history, and in no other way (INV-10)."""

from django.db import migrations

AMOUNTS = """
CREATE OR REPLACE FUNCTION orders_order_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.number, NEW.goods_fen, NEW.points_used) IS DISTINCT FROM
       (OLD.number, OLD.goods_fen, OLD.points_used)
       OR (NEW.discount_fen, NEW.freight_fen, NEW.payable_fen) IS DISTINCT FROM
          (OLD.discount_fen, OLD.freight_fen, OLD.payable_fen)
          AND NOT (NEW.price_version = OLD.price_version + 1 AND OLD.status = 'unpaid' AND OLD.paid_fen = 0
                   AND NEW.payable_fen BETWEEN 1 AND OLD.payable_fen) THEN
        RAISE EXCEPTION 'the amounts of order % are frozen', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
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

WRITTEN = """
CREATE FUNCTION orders_order_repriced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT COUNT(*) FROM orders_orderhistory WHERE order_id = NEW.id AND code = 'repriced')
       <> NEW.price_version - 1 THEN
        RAISE EXCEPTION 'the price of order % changed without a trace', NEW.number
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER orders_order_repriced
    AFTER UPDATE OF price_version ON orders_order
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION orders_order_repriced();
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0011_line_price_version")]

    operations = [
        migrations.RunSQL(AMOUNTS, migrations.RunSQL.noop),
        migrations.RunSQL(
            WRITTEN,
            "DROP TRIGGER orders_order_repriced ON orders_order;"
            "DROP FUNCTION orders_order_repriced();",
        ),
    ]
