"""What must hold of bundles, whoever writes: a part is never a bundle nor a mere gift; cost, weight
and volume of a bundle are the sums of its parts, and each SKU knows the most that one bundle takes
of it (C-13)."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations

KEPT = """
CREATE FUNCTION catalog_bundle_part_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM catalog_sku WHERE id IN (NEW.bundle_id, NEW.part_id) ORDER BY id FOR NO KEY UPDATE;
    IF NOT (SELECT is_bundle FROM catalog_sku WHERE id = NEW.bundle_id)
       OR (SELECT is_bundle OR is_gift_only FROM catalog_sku WHERE id = NEW.part_id) THEN
        RAISE EXCEPTION 'sku % cannot be part of sku %', NEW.part_id, NEW.bundle_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER catalog_bundle_part_kept BEFORE INSERT OR UPDATE ON catalog_bundlepart
    FOR EACH ROW EXECUTE FUNCTION catalog_bundle_part_kept();

CREATE FUNCTION catalog_bundle_sku_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.is_bundle OR NEW.is_gift_only)
       AND EXISTS (SELECT 1 FROM catalog_bundlepart WHERE part_id = NEW.id)
       OR NOT NEW.is_bundle AND EXISTS (SELECT 1 FROM catalog_bundlepart WHERE bundle_id = NEW.id) THEN
        RAISE EXCEPTION 'sku % is a bundle or part of one', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.is_bundle THEN
        SELECT COALESCE(SUM(part.cost_fen * b.quantity), 0), COALESCE(SUM(part.weight_grams * b.quantity), 0),
               COALESCE(SUM(part.volume_cm3 * b.quantity), 0)
          INTO NEW.cost_fen, NEW.weight_grams, NEW.volume_cm3
          FROM catalog_bundlepart b JOIN catalog_sku part ON part.id = b.part_id WHERE b.bundle_id = NEW.id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER catalog_bundle_sku_kept
    BEFORE UPDATE OF is_bundle, is_gift_only, cost_fen, weight_grams, volume_cm3 ON catalog_sku
    FOR EACH ROW WHEN (OLD.is_bundle OR NEW.is_bundle OR NEW.is_gift_only)
    EXECUTE FUNCTION catalog_bundle_sku_kept();

CREATE FUNCTION catalog_bundle_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        UPDATE catalog_sku SET cost_fen = cost_fen WHERE id = OLD.bundle_id;
        UPDATE catalog_sku SET bundled_each =
            COALESCE((SELECT MAX(quantity) FROM catalog_bundlepart WHERE part_id = OLD.part_id), 0)
            WHERE id = OLD.part_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        UPDATE catalog_sku SET cost_fen = cost_fen WHERE id = NEW.bundle_id;
        UPDATE catalog_sku SET bundled_each =
            COALESCE((SELECT MAX(quantity) FROM catalog_bundlepart WHERE part_id = NEW.part_id), 0)
            WHERE id = NEW.part_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_bundle_changed AFTER INSERT OR UPDATE OR DELETE ON catalog_bundlepart
    FOR EACH ROW EXECUTE FUNCTION catalog_bundle_changed();

CREATE FUNCTION catalog_bundle_part_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE catalog_sku SET cost_fen = cost_fen
        WHERE id IN (SELECT bundle_id FROM catalog_bundlepart WHERE part_id = NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_bundle_part_changed
    AFTER UPDATE OF cost_fen, weight_grams, volume_cm3 ON catalog_sku
    FOR EACH ROW WHEN (NEW.bundled_each > 0 AND (NEW.cost_fen, NEW.weight_grams, NEW.volume_cm3)
        IS DISTINCT FROM (OLD.cost_fen, OLD.weight_grams, OLD.volume_cm3))
    EXECUTE FUNCTION catalog_bundle_part_changed();
"""

LET_GO = """
DROP TRIGGER catalog_bundle_part_changed ON catalog_sku;
DROP FUNCTION catalog_bundle_part_changed();
DROP TRIGGER catalog_bundle_changed ON catalog_bundlepart;
DROP FUNCTION catalog_bundle_changed();
DROP TRIGGER catalog_bundle_sku_kept ON catalog_sku;
DROP FUNCTION catalog_bundle_sku_kept();
DROP TRIGGER catalog_bundle_part_kept ON catalog_bundlepart;
DROP FUNCTION catalog_bundle_part_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0027_bundles")]

    operations = [
        ValidateConstraint(model_name="sku", name="sku_bundle_is_sold"),
        migrations.RunSQL(KEPT, LET_GO),
    ]
