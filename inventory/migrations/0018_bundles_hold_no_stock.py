"""A bundle has no stock of its own: its parts have (C-13). The two triggers wait for each other on
the SKU's row, so that neither sees half of the other's deed. Only a new stock row asks: an order that
books on one that is there waits for nobody who edits the SKU (F-40)."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations

KEPT = """
CREATE FUNCTION inventory_no_stock_of_bundles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT is_bundle FROM catalog_sku WHERE id = NEW.sku_id FOR SHARE) THEN
        RAISE EXCEPTION 'sku % is a bundle: its parts are in stock', NEW.sku_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER inventory_no_stock_of_bundles AFTER INSERT OR UPDATE OF sku_id ON inventory_stockitem
    FOR EACH ROW EXECUTE FUNCTION inventory_no_stock_of_bundles();

CREATE FUNCTION inventory_no_bundles_of_stock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM inventory_stockitem WHERE sku_id = NEW.id) THEN
        RAISE EXCEPTION 'sku % has stock of its own', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER inventory_no_bundles_of_stock BEFORE UPDATE OF is_bundle ON catalog_sku
    FOR EACH ROW WHEN (NEW.is_bundle AND NOT OLD.is_bundle)
    EXECUTE FUNCTION inventory_no_bundles_of_stock();
"""

LET_GO = """
DROP TRIGGER inventory_no_bundles_of_stock ON catalog_sku;
DROP FUNCTION inventory_no_bundles_of_stock();
DROP TRIGGER inventory_no_stock_of_bundles ON inventory_stockitem;
DROP FUNCTION inventory_no_stock_of_bundles();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0028_bundles_kept"),
        ("inventory", "0017_pieces_of_bundles"),
    ]

    operations = [
        ValidateConstraint(model_name="reservation", name="reservation_whole_bundles"),
        migrations.RunSQL(KEPT, LET_GO),
    ]
