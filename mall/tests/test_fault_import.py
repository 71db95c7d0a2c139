"""A long import while the shop sells: buyers never wait for it (F-40)."""

import pytest
from django.db import connection

from catalog.models import Product
from catalog.services import read_shipload
from inventory.testing import make_warehouse
from mall.console.importing import bring_in
from mall.kernel.testing.race import stampede
from members.testing import make_address, make_member
from orders.models import Order
from orders.services import Submission, Wanted, place_order
from orders.testing import NOON, make_stocked_sku

pytestmark = pytest.mark.django_db(transaction=True)
GOODS, EVERY = 40, 5
HEADER = "product_code,title_zh,category,status,price_yuan,stock\n"
STRONG_LOCKS = """
    SELECT c.relname, l.mode FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
    WHERE l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
      AND l.mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
"""


def test_F_40_orders_are_placed_between_any_two_goods_of_a_running_import(tmp_path):
    path = tmp_path / "goods.csv"
    rows = [f"T{n},纯棉短袖T恤{n},服装 > 上装,on_sale,99,12\n" for n in range(GOODS)]
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    sku = make_stocked_sku(on_hand=99)
    seen = []

    def buy(_number):
        address = make_address(member=make_member())
        submission = Submission(address_id=address.pk, wanted=(Wanted(sku.pk, 1),))
        return place_order(member_id=address.member_id, submission=submission, at=NOON)

    def sell_meanwhile(done, _whole):
        if done % EVERY:
            return
        assert not connection.in_atomic_block, "the import holds nothing between two goods"
        with connection.cursor() as cursor:
            cursor.execute(STRONG_LOCKS)
            assert cursor.fetchall() == []
        outcomes = stampede(1, buy)
        assert outcomes.errors == []
        seen.append(Product.objects.filter(code__startswith="T").count())

    result = bring_in(
        read_shipload(path), at=NOON, warehouse=make_warehouse(), progress=sell_meanwhile
    )

    assert result.counts["products created"] == GOODS
    assert Order.objects.count() == GOODS // EVERY
    assert seen == list(range(EVERY, GOODS + 1, EVERY)), "what is in is kept at once"
