import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.urls import reverse

from catalog.models import ShelfMark
from catalog.testing import make_product, make_sku
from inventory.models import RestockAlert, StockItem, StockMovement, Warehouse
from inventory.services import raise_alerts, reserve_stock
from inventory.testing import LONG_AGO, make_stock, make_warehouse
from mall.kernel.audit.models import AuditEntry
from mall.kernel.testing.queries import count_queries

pytestmark = pytest.mark.django_db
BACKEND = "members.backends.AccountBackend"


def operator(client, *codenames):
    account = get_user_model().objects.create(
        username="keeper", is_staff=True, is_superuser=not codenames
    )
    account.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(account, backend=BACKEND)
    return account


@pytest.fixture
def keeper(client):
    return operator(client)


def page(name, *args):
    return reverse(f"admin:inventory_{name}", args=args)


def text(answer):
    return answer.content.decode()


@pytest.fixture
def item():
    return make_stock(sku=make_sku(), on_hand=10)


def reserve(item, pieces):
    wanted = {"0": (item.sku_id, pieces)}
    reserve_stock(order_number="A1", wanted=wanted, region_code="33", at=LONG_AGO)


@pytest.mark.parametrize(
    "model", ["stockitem", "stockmovement", "reservation", "restockalert", "warehouse"]
)
def test_every_list_keeps_its_budget_at_a_hundred_rows(client, keeper, model):
    product = make_product(skus=50)
    for house in (make_warehouse(), make_warehouse()):
        for sku in product.skus.all():
            make_stock(sku=sku, on_hand=3, warehouse=house, safety_stock=5)
    raise_alerts(LONG_AGO)
    wanted = {str(n): (sku.pk, 4) for n, sku in enumerate(product.skus.all())}
    reserve_stock(order_number="A1", wanted=wanted, region_code="33", at=LONG_AGO)

    with count_queries(at_most=12):
        assert client.get(page(f"{model}_changelist")).status_code == 200


def test_the_board_filters_what_runs_low(client, keeper):
    low = make_stock(sku=make_sku(), on_hand=3, safety_stock=5)
    out = make_stock(sku=make_sku(), on_hand=2)
    reserve(out, 2)
    plenty = make_stock(sku=make_sku(), on_hand=99, safety_stock=5)

    def shown(level):
        listed = text(client.get(page("stockitem_changelist"), {"level": level}))
        return [item for item in (low, out, plenty) if item.sku.code in listed]

    assert shown("low") == [low]
    assert shown("out") == [out]
    assert shown("promised") == [out]
    assert shown("") == [low, out, plenty]


def test_receiving_books_through_the_verb(client, keeper, item):
    url = page("stockitem_receive", item.pk)
    assert client.get(url).status_code == 200

    answer = client.post(url, {"quantity": 5, "source_id": "P-7", "note": "late"})

    assert answer.status_code == 302
    assert StockItem.objects.get().on_hand == 15
    movement = StockMovement.objects.get(source_id="P-7")
    assert (movement.actor, movement.note, movement.source_type) == (keeper, "late", "purchase")
    assert AuditEntry.objects.get(verb="inventory.receive").actor == keeper


@pytest.mark.parametrize("quantity", ["0", "-1", "1.5", "1e3", "９９", "1000001", ""])
def test_odd_quantities_are_refused_and_change_nothing(client, keeper, item, quantity):
    sent = {"quantity": quantity, "source_id": "P-7"}

    answer = client.post(page("stockitem_receive", item.pk), sent)

    assert answer.status_code == 200
    assert StockItem.objects.get().on_hand == 10


def test_counting_needs_stock_to_stand_still(client, keeper, item):
    url = page("stockitem_count", item.pk)

    stale = client.post(url, {"counted": 7, "seen_on_hand": 11, "note": ""})
    fresh = client.post(url, {"counted": 7, "seen_on_hand": 10, "note": "torn"})

    assert (stale.status_code, fresh.status_code) == (200, 302)
    assert StockItem.objects.get().on_hand == 7
    assert AuditEntry.objects.get(verb="inventory.count").actor == keeper


def test_a_refusal_of_the_verb_is_a_sentence(client, keeper, item):
    reserve(item, 8)

    answer = client.post(
        page("stockitem_write_off", item.pk),
        {"quantity": 5, "note": "broken", "source_id": "w1"},
        headers={"accept-language": "en"},
    )

    assert answer.status_code == 200
    assert item.sku.code in text(answer)
    assert StockItem.objects.get().on_hand == 10


def test_a_write_off_sent_twice_is_booked_once(client, keeper, item):
    sent = {"quantity": 3, "note": "broken", "source_id": "w1"}

    for _n in range(2):
        assert client.post(page("stockitem_write_off", item.pk), sent).status_code == 302

    assert StockItem.objects.get().on_hand == 7


def test_a_delivery_is_typed_as_lines(client, keeper):
    one, two = make_sku(), make_sku()
    house = make_warehouse()
    url = page("stockitem_take_in_delivery")
    assert client.get(url).status_code == 200

    lines = f"{one.code} 5\n\n  {two.code}\t7 "
    answer = client.post(url, {"warehouse": house.pk, "source_id": "P-9", "lines": lines})

    assert answer.status_code == 302
    stock = dict(StockItem.objects.values_list("sku_id", "on_hand"))
    assert stock == {one.pk: 5, two.pk: 7}


@pytest.mark.parametrize("line", ["NO-SUCH 5", "{code}", "{code} x", "{code} -5", "{code} 0", ""])
def test_a_delivery_with_a_bad_line_books_nothing(client, keeper, line):
    sku, house = make_sku(), make_warehouse()
    lines = line.format(code=sku.code)
    if line:
        lines += f"\n{make_sku().code} 5"

    answer = client.post(
        page("stockitem_take_in_delivery"),
        {"warehouse": house.pk, "source_id": "P-9", "lines": lines},
    )

    assert answer.status_code == 200
    assert not StockItem.objects.exists()


def test_only_the_safety_stock_is_typed(client, keeper, item):
    url = page("stockitem_change", item.pk)
    assert client.get(url).status_code == 200

    answer = client.post(url, {"safety_stock": 6, "on_hand": 999, "reserved": 9})

    assert answer.status_code == 302
    item.refresh_from_db()
    assert (item.on_hand, item.reserved, item.safety_stock) == (10, 0, 6)
    assert AuditEntry.objects.get(verb="inventory.set_safety_stock").actor == keeper


@pytest.mark.parametrize("deed", ["receive", "count", "write_off"])
def test_who_may_only_look_does_nothing(client, item, deed):
    operator(client, "view_stockitem")

    assert client.get(page("stockitem_changelist")).status_code == 200
    assert client.get(page(f"stockitem_{deed}", item.pk)).status_code == 403
    assert client.post(page(f"stockitem_{deed}", item.pk), {}).status_code == 403
    assert client.get(page("stockitem_take_in_delivery")).status_code == 403


@pytest.mark.parametrize("model", ["stockmovement", "reservation", "restockalert"])
def test_ledgers_are_read_only_even_for_the_superuser(client, keeper, item, model):
    reserve(item, 1)
    StockItem.objects.update(safety_stock=50)
    raise_alerts(LONG_AGO)
    row = {
        "stockmovement": StockMovement,
        "reservation": item.reservations.model,
        "restockalert": RestockAlert,
    }[model].objects.first()

    assert client.get(page(f"{model}_change", row.pk)).status_code == 200
    assert client.post(page(f"{model}_change", row.pk), {"quantity": 9}).status_code == 403
    assert client.get(page(f"{model}_add")).status_code == 403
    assert client.post(page(f"{model}_delete", row.pk), {"post": "yes"}).status_code == 403


def test_open_alerts_come_first_and_lead_to_the_receipt(client, keeper):
    item = make_stock(sku=make_sku(), on_hand=1, safety_stock=5)
    raise_alerts(LONG_AGO)

    listed = text(client.get(page("restockalert_changelist")))
    assert page("stockitem_receive", item.pk) in listed
    order = page("purchasesuggestion_order_one", item.restock_alerts.get().suggestion.pk)
    assert order in listed
    assert client.get(order).context["form"].initial["warehouse"] == item.warehouse_id
    client.post(page("stockitem_receive", item.pk), {"quantity": 300, "source_id": "P-1"})

    assert item.sku.code not in text(client.get(page("restockalert_changelist")))
    assert item.sku.code in text(client.get(page("restockalert_changelist"), {"state": "closed"}))


def test_a_warehouse_taken_out_of_use_renews_the_cards_of_its_goods(client, keeper):
    house = make_warehouse(served_prefixes=("33",))
    sku = make_sku()
    make_stock(sku=sku, on_hand=3, warehouse=house)
    ShelfMark.objects.all().delete()
    form = {
        "code": house.code,
        "title_zh": house.title_zh,
        "title_en": house.title_en,
        "kind": "own",
        "region_code": "330106",
        "priority": 10,
        "parcel_cost_fen": "4.50",
        "cut_off": "11:30",
    }

    answer = client.post(
        page("warehouse_change", house.pk), {**form, "served_prefixes": "31，33, 3201"}
    )

    assert answer.status_code == 302
    house.refresh_from_db()
    assert (house.is_active, house.served_prefixes) == (False, ["31", "3201", "33"])
    assert ShelfMark.objects.get().product_id == sku.product_id
    entry = AuditEntry.objects.get(verb="inventory.save_warehouse")
    assert entry.after["is_active"] is False
    refused = client.post(page("warehouse_add"), {**form, "code": "x", "served_prefixes": "abc"})
    assert refused.status_code == 200
    assert Warehouse.objects.filter(code="x").count() == 0
