"""Orders add up at commit and stay as they were sold (INV-09, INV-10); their trails are append-only."""

from django.db import migrations

from mall.kernel.db.triggers import AppendOnly

SUMS = """
CREATE FUNCTION orders_order_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sums record;
BEGIN
    SELECT COALESCE(SUM(line.list_fen), 0) AS listed, COALESCE(SUM(line.payable_fen), 0) AS payable,
           COALESCE(SUM(step.amount), 0) AS reduced,
           COUNT(*) FILTER (WHERE line.list_fen - COALESCE(step.amount, 0) <> line.payable_fen) AS wrong
      INTO sums
      FROM orders_orderline line
      LEFT JOIN (SELECT s.line_id, SUM(s.amount_fen) AS amount FROM orders_orderlinestep s
                   JOIN orders_orderline l ON l.id = s.line_id
                  WHERE l.order_id = NEW.id GROUP BY s.line_id) step ON step.line_id = line.id
     WHERE line.order_id = NEW.id;
    IF sums.wrong > 0 OR sums.listed <> NEW.goods_fen OR sums.reduced <> NEW.discount_fen
       OR sums.payable + NEW.freight_fen <> NEW.payable_fen THEN
        RAISE EXCEPTION 'order % does not add up', NEW.number USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER orders_order_sums
    AFTER INSERT OR UPDATE OF goods_fen, discount_fen, freight_fen, payable_fen ON orders_order
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION orders_order_adds_up();
"""

FROZEN = """
CREATE FUNCTION orders_order_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.price_version <= OLD.price_version
       AND (NEW.number, NEW.goods_fen, NEW.discount_fen, NEW.freight_fen, NEW.payable_fen, NEW.points_used)
           IS DISTINCT FROM
           (OLD.number, OLD.goods_fen, OLD.discount_fen, OLD.freight_fen, OLD.payable_fen, OLD.points_used) THEN
        RAISE EXCEPTION 'the amounts of order % are frozen', OLD.number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER orders_order_frozen BEFORE UPDATE ON orders_order
    FOR EACH ROW EXECUTE FUNCTION orders_order_frozen();
CREATE FUNCTION orders_line_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE'
       OR (NEW.order_id, NEW.sku_id, NEW.sku_code, NEW.title_zh, NEW.title_en, NEW.options, NEW.quantity,
           NEW.list_fen, NEW.payable_fen)
          IS DISTINCT FROM
          (OLD.order_id, OLD.sku_id, OLD.sku_code, OLD.title_zh, OLD.title_en, OLD.options, OLD.quantity,
           OLD.list_fen, OLD.payable_fen) THEN
        RAISE EXCEPTION 'order line % is frozen', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER orders_line_frozen BEFORE UPDATE OR DELETE ON orders_orderline
    FOR EACH ROW EXECUTE FUNCTION orders_line_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial"), ("kernel", "0003_append_only")]

    operations = [
        migrations.RunSQL(
            SUMS,
            "DROP TRIGGER orders_order_sums ON orders_order; DROP FUNCTION orders_order_adds_up();",
        ),
        migrations.RunSQL(
            FROZEN,
            "DROP TRIGGER orders_order_frozen ON orders_order; DROP FUNCTION orders_order_frozen();"
            "DROP TRIGGER orders_line_frozen ON orders_orderline; DROP FUNCTION orders_line_frozen();",
        ),
        AppendOnly("orders_orderhistory"),
        AppendOnly("orders_orderlinestep"),
        AppendOnly("orders_paymentnotice"),
        AppendOnly("orders_importedline"),
    ]
