"""The demo's drop-shipped orders and what lies on the desks: made once, and every promise holds."""

import pytest

from catalog.models import Sku
from inventory.models import Supplier, SupplierAlert, SupplierSync
from inventory.testing import make_stock, make_supplier
from mall.console.demo.desks import BUYER as GOLD
from mall.console.demo.desks import seed_desks
from mall.console.demo.dropshipping import BUYER, OURS, PIECES, SUPPLIER, seed_dropshipping
from mall.console.demo.seeding import Seeding, Tally
from mall.kernel.invariants import audit
from members.testing import make_address, make_member, make_operator
from orders.models import Compensation, Order, Shipment, SubOrder
from orders.testing import NOON, make_stocked_sku

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def seeding():
    for name in ("admin", "purchasing", "warehouse", "service"):
        make_operator(username=name)
    return Seeding(at=NOON, tell=print)


def broken():
    return [law.code for law, found in audit() if found]


def test_a_partner_has_shipped_accepted_refused_and_not_answered_yet(seeding):
    make_supplier(code=SUPPLIER, status=Supplier.Status.ACTIVE)
    home = make_address(member=make_member(phone=BUYER), region_code="330106005")
    for code in PIECES:
        make_stock(sku=make_stocked_sku(code=code, on_hand=0), on_hand=0)
    make_stocked_sku(code=OURS, on_hand=100)

    first, second = seed_dropshipping(seeding), seed_dropshipping(seeding)

    assert (first, second) == (Tally(4), Tally(0, 4))
    told = SubOrder.objects.order_by("pk").values_list("state", flat=True)
    assert list(told) == ["shipped", "accepted", "refused", "sent"]
    assert [row["reason"] for row in SupplierSync.objects.get().refused] == ["unknown"]
    assert SupplierAlert.objects.get(kind=SupplierAlert.Kind.LOW).goods.sku.code == [*PIECES][-1]
    two_parcels = Order.objects.filter(member=home.member).earliest("pk")
    assert (two_parcels.status, two_parcels.shipments.count()) == ("shipped", 2)
    assert broken() == []


def test_without_the_supplier_nothing_is_made(seeding):
    make_address(member=make_member(phone=BUYER), region_code="330106005")

    assert seed_dropshipping(seeding) == Tally(0)
    assert not Order.objects.exists()


def test_half_an_order_is_on_its_way_and_a_second_run_adds_nothing(seeding):
    make_address(member=make_member(phone=GOLD), is_default=True)
    for _n in range(2):
        make_stocked_sku(on_hand=100)

    assert (seed_desks(seeding), seed_desks(seeding)) == (Tally(4), Tally(0, 1))

    assert Order.objects.get().status == Order.Status.PART_SHIPPED
    assert Shipment.objects.count() == 1
    assert not Compensation.objects.exists()
    assert Sku.objects.count() == 2
    assert broken() == []
