"""A status changes only along the table of moves (INV-11); the same pairs as ``orders.states``."""

from django.db import migrations

MOVES = """
CREATE FUNCTION orders_order_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.status, NEW.status) NOT IN (
        ('unpaid', 'paid'), ('unpaid', 'closed'), ('closed', 'paid'),
        ('paid', 'part_shipped'), ('paid', 'shipped'), ('part_shipped', 'shipped'),
        ('paid', 'closed'), ('part_shipped', 'closed'), ('shipped', 'closed'),
        ('shipped', 'received'), ('received', 'completed')
    ) THEN
        RAISE EXCEPTION 'order % cannot go from % to %', OLD.number, OLD.status, NEW.status
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER orders_order_moves BEFORE UPDATE OF status ON orders_order
    FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION orders_order_moves();
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_frozen")]

    operations = [
        migrations.RunSQL(
            MOVES,
            "DROP TRIGGER orders_order_moves ON orders_order; DROP FUNCTION orders_order_moves();",
        ),
    ]
