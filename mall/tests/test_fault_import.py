"""A long import while the shop sells: buyers never wait for it (F-40)."""

import pytest
from django.db import connection

from catalog.models import Product, Sku
from catalog.services import read_shipload
from inventory.testing import make_warehouse
from mall.console import importing
from mall.kernel.testing.queries import count_queries
from mall.kernel.testing.race import stampede
from members.testing import make_address, make_member
from orders.models import Order
from orders.services import Submission, Wanted, place_order
from orders.testing import NOON, make_stocked_sku

pytestmark = pytest.mark.django_db(transaction=True)
FEW, BATCH = 30, 10
HEADER = "product_code,title_zh,category,status,price_yuan,stock\n"
STRONG_LOCKS = """
    SELECT c.relname, l.mode FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
    WHERE l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
      AND l.mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
"""


def a_file(folder, goods, price_yuan):
    path = folder / f"goods-{price_yuan}.csv"
    rows = [f"T{n},纯棉短袖T恤{n},服装 > 上装,on_sale,{price_yuan},12\n" for n in range(goods)]
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    return path


def buy(sku):
    """Place an order; how many statements that took."""
    address = make_address(member=make_member())
    submission = Submission(address_id=address.pk, wanted=(Wanted(sku.pk, 1),))
    with count_queries() as statements:
        place_order(member_id=address.member_id, submission=submission, at=NOON)
    return len(statements)


@pytest.fixture
def sold_inside(monkeypatch):
    """In the middle of every batch, written and not committed, somebody buys ``it["sku"]``."""
    monkeypatch.setattr(importing, "BATCH", BATCH)
    bring_batch, it = importing.bring_batch, {"sku": None, "statements": []}

    def bring_and_sell(records, **told):
        result = bring_batch(records, **told)
        assert connection.in_atomic_block, "what the batch locks is still locked"
        with connection.cursor() as cursor:
            cursor.execute(STRONG_LOCKS)
            assert cursor.fetchall() == []
        outcomes = stampede(1, lambda _number: buy(it["sku"]))
        assert outcomes.errors == []
        it["statements"] += outcomes.results
        return result

    monkeypatch.setattr(importing, "bring_batch", bring_and_sell)
    return it


def test_F_40_orders_are_placed_in_the_middle_of_every_batch_of_a_running_import(
    tmp_path, sold_inside
):
    sold_inside["sku"], warehouse, seen = make_stocked_sku(on_hand=99), make_warehouse(), []

    def count(_done, _whole):
        assert not connection.in_atomic_block, "the import holds nothing between two batches"
        seen.append(Product.objects.filter(code__startswith="T").count())

    calm = buy(sold_inside["sku"])

    result = importing.bring_in(
        read_shipload(a_file(tmp_path, FEW, 99)), at=NOON, warehouse=warehouse, progress=count
    )

    assert result.counts["products created"] == FEW
    assert seen == list(range(BATCH, FEW + 1, BATCH)), "what is in is kept at once"
    assert sold_inside["statements"] == [calm] * (FEW // BATCH), "they ask nothing more beside it"
    assert Order.objects.count() == 1 + FEW // BATCH


def test_F_40_what_an_import_changes_is_sold_meanwhile(tmp_path, sold_inside):
    sold_inside["sku"], warehouse = make_stocked_sku(on_hand=99), make_warehouse()
    importing.bring_in(read_shipload(a_file(tmp_path, BATCH, 99)), at=NOON, warehouse=warehouse)
    sold_inside["sku"] = Sku.objects.get(product__code="T0")

    result = importing.bring_in(read_shipload(a_file(tmp_path, BATCH, 89)), at=NOON)

    assert result.counts["products updated"] == BATCH
    order = Order.objects.latest("pk")
    assert (order.lines.get().product.code, order.lines.get().list_fen) == ("T0", 9_900)
