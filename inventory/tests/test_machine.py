"""Any sequence of verbs, refused or not, leaves the books right (INV-01, 03, 04, 43)."""

from datetime import UTC, datetime

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.testing import make_sku
from inventory.models import Reservation, StockItem
from inventory.services import (
    consume_stock,
    count_stock,
    raise_alerts,
    receive_stock,
    release_stock,
    reserve_stock,
    write_off_stock,
)
from inventory.testing import make_stock, make_warehouse
from mall.kernel.errors import ShopError
from mall.kernel.invariants import audit

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 4, tzinfo=UTC)
OURS = ("INV-01", "INV-03", "INV-04", "INV-43")

pieces = st.integers(1, 6)
orders = st.sampled_from(["A", "B", "C"])
deeds = st.one_of(
    st.tuples(st.just("reserve"), orders, pieces),
    st.tuples(st.just("ship"), orders, pieces),
    st.tuples(st.just("free"), orders, st.none()),
    st.tuples(st.just("free_part"), orders, pieces),
    st.tuples(st.just("receive"), st.integers(0, 1), pieces),
    st.tuples(st.just("count"), st.integers(0, 1), st.integers(0, 9)),
    st.tuples(st.just("write_off"), st.integers(0, 1), pieces),
    st.tuples(st.just("alert"), st.none(), st.none()),
)


class House:
    """One SKU in two warehouses, and the deeds done to it."""

    def __init__(self):
        self.sku = make_sku()
        self.items = [
            make_stock(sku=self.sku, on_hand=5, warehouse=make_warehouse(), safety_stock=3)
            for _n in range(2)
        ]
        self.number = 0

    def do(self, deed, what, number):
        self.number += 1
        try:
            with transaction.atomic():
                getattr(self, deed)(what, number)
        except ShopError:
            pass

    def reserve(self, order, number):
        attempt = Reservation.objects.filter(source_id=order).count() + 1
        reserve_stock(
            order_number=order,
            wanted={"1": (self.sku.pk, number)},
            region_code="33",
            attempt=attempt,
            at=AT,
        )

    def ship(self, order, number):
        parcel = f"S{self.number}"
        consume_stock(order_number=order, pieces={"1": number}, shipment_number=parcel, at=AT)

    def free(self, order, _number):
        release_stock(order_number=order, pieces=None, at=AT)

    def free_part(self, order, number):
        reference = f"R{self.number}"
        release_stock(order_number=order, pieces={"1": number}, reference=reference, at=AT)

    def receive(self, index, number):
        receive_stock(
            sku=self.sku,
            warehouse=self.items[index].warehouse,
            quantity=number,
            source_type="test",
            source_id=str(self.number),
            at=AT,
        )

    def count(self, index, number):
        count_stock(item_id=self.items[index].pk, counted=number, at=AT)

    def write_off(self, index, number):
        write_off_stock(
            item_id=self.items[index].pk,
            quantity=number,
            source_type="test",
            source_id=str(self.number),
            at=AT,
        )

    def alert(self, _what, _number):
        raise_alerts(AT)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(deeds, max_size=20))
def test_I_01_I_03_any_sequence_of_verbs_leaves_the_books_right(sequence):
    with transaction.atomic():
        house = House()

        for deed in sequence:
            house.do(*deed)

        broken = [found for rule, found in audit() if found and rule.code.startswith(OURS)]
        assert not broken, broken
        assert all(item.available >= 0 for item in StockItem.objects.all())
        transaction.set_rollback(True)
