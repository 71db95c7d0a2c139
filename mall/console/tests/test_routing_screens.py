"""Coverage, promises and allocations as operators see them (I-15, I-16, O-52)."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from catalog.models import Product, RegionSet
from catalog.testing import make_category, make_freight_template
from inventory.models import AllocationLog, NextDayCity, RoutingPolicy, Warehouse
from inventory.testing import make_warehouse
from mall.kernel import clock
from mall.kernel.audit.models import AuditEntry
from mall.kernel.testing.queries import count_queries
from orders.testing import make_order

pytestmark = pytest.mark.django_db
FORMSET = ("TOTAL_FORMS", "INITIAL_FORMS")
BACKEND = "members.backends.AccountBackend"


@pytest.fixture
def keeper(client):
    account = get_user_model().objects.create(username="keeper", is_staff=True, is_superuser=True)
    client.force_login(account, backend=BACKEND)
    client.cookies["django_language"] = "en"
    return account


def admin_page(name, *args):
    return reverse(f"admin:{name}", args=args)


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def test_I_15_the_coverage_table_maps_each_province_to_its_warehouses(client, keeper):
    make_warehouse(code="east", region_code="310115", served_prefixes=("31",))
    make_warehouse(code="north", region_code="110105", served_prefixes=("11",))

    answer = client.get(admin_page("coverage"))

    rows = {row["region"].code: row for row in answer.context["rows"]}
    assert rows["31"]["serving"] == ["Warehouse east"]
    assert rows["31"]["others"] == ["Warehouse north"]
    assert "When those are empty" in text(answer)


def test_the_pages_ask_for_their_rights(client):
    account = get_user_model().objects.create(username="nobody", is_staff=True)
    client.force_login(account, backend=BACKEND)

    assert client.get(admin_page("coverage")).status_code == 403
    assert client.get(admin_page("promises")).status_code == 403


def test_O_52_the_report_shows_the_on_time_rate_of_each_promise(client, keeper):
    order = make_order(paid=True, at=clock.now() - timedelta(days=5))
    log = AllocationLog.objects.get(order_number=order.number)
    assert log.promise_code in ("same_day", "next_day")

    answer = client.get(admin_page("promises"), {"span": "7d"})

    (row,) = answer.context["rows"]
    assert (row["row"].orders, row["row"].late, row["percent"]) == (1, 1, "0%")
    assert "On-time rate" in text(answer)


def test_the_order_page_says_in_words_which_warehouse_and_why(client, keeper):
    order = make_order(paid=True)

    seen = text(client.get(admin_page("orders_order_change", order.pk)))

    assert "Asked in this order:" in seen
    assert "the first warehouse for this address" in seen


def test_lists_of_routing_keep_their_budgets(client, keeper):
    for _n in range(3):
        make_order()

    with count_queries(at_most=12):
        text(client.get(admin_page("inventory_allocationlog_changelist")))
    with count_queries(at_most=12):
        text(client.get(admin_page("catalog_regionset_changelist")))
    log = AllocationLog.objects.first()
    assert "Asked in this order:" in text(
        client.get(admin_page("inventory_allocationlog_change", log.pk))
    )
    assert client.post(admin_page("inventory_allocationlog_change", log.pk)).status_code == 403


def test_the_routing_policy_is_saved_once_and_leaves_a_trail(client, keeper):
    typed = {"prefer": "cheapest", "max_parcels": 2, "promise_hours": 48}

    made = client.post(admin_page("inventory_routingpolicy_add"), typed)
    changed = client.post(
        admin_page("inventory_routingpolicy_change", 1), {**typed, "max_parcels": 4}
    )
    refused = client.post(
        admin_page("inventory_routingpolicy_change", 1), {**typed, "max_parcels": 9}
    )

    policy = RoutingPolicy.objects.get()
    assert (made.status_code, changed.status_code, refused.status_code) == (302, 302, 200)
    assert (policy.prefer, policy.max_parcels, policy.promise_hours) == ("cheapest", 4, 48)
    assert policy.whole_order_first is False
    entries = AuditEntry.objects.filter(verb="inventory.save_routing_policy")
    assert entries.count() == 2
    assert client.get(admin_page("inventory_routingpolicy_add")).status_code == 403


def test_a_warehouse_learns_its_place_and_its_next_day_cities(client, keeper):
    house = make_warehouse(code="east")
    typed = {
        "code": "east",
        "title_zh": "华东仓",
        "title_en": "East",
        "kind": "regional",
        "region_code": "310115",
        "served_prefixes": "31",
        "latitude": "31.2",
        "longitude": "121.5",
        "priority": 10,
        "parcel_cost_fen": "4.50",
        "cut_off": "11:30",
        "is_active": "on",
    }
    url = admin_page("inventory_warehouse_change", house.pk)

    wrong = client.post(url, {**typed, "next_day_cities": "3301 25:00\n9999 20:00"})
    half = client.post(url, {**typed, "longitude": ""})
    right = client.post(url, {**typed, "next_day_cities": "3301 20:00\n3205 18:30"})

    assert (wrong.status_code, half.status_code, right.status_code) == (200, 200, 302)
    house = Warehouse.objects.get(pk=house.pk)
    assert (str(house.latitude), house.parcel_cost_fen, f"{house.cut_off:%H:%M}") == (
        "31.20000",
        450,
        "11:30",
    )
    pairs = NextDayCity.objects.filter(warehouse=house).values_list("city_code", "cut_off")
    assert [(code, f"{until:%H:%M}") for code, until in pairs] == [
        ("3205", "18:30"),
        ("3301", "20:00"),
    ]
    assert "3205 18:30" in text(client.get(url))
    assert AuditEntry.objects.filter(verb="inventory.set_next_day_cities").exists()


def test_C_71_a_region_set_takes_codes_of_places_only(client, keeper):
    typed = {"code": "ours", "kind": "store", "title_zh": "店周边", "title_en": "Around"}
    url = admin_page("catalog_regionset_add")

    wrong = client.post(url, {**typed, "prefixes": "31, 99"})
    right = client.post(url, {**typed, "prefixes": "330106，3101"})

    assert (wrong.status_code, right.status_code) == (200, 302)
    row = RegionSet.objects.get(code="ours")
    assert row.prefixes == ["3101", "330106"]
    assert client.get(admin_page("catalog_regionset_delete", row.pk)).status_code == 403


def test_C_71_a_product_is_limited_on_its_own_page(client, keeper):
    east = RegionSet.objects.get(code="east")
    typed = {
        "code": "VINEGAR",
        "title_zh": "江南米醋",
        "title_en": "Rice vinegar",
        "category": make_category().pk,
        "freight_template": make_freight_template().pk,
        "blocks": "[]",
        **{f"{formset}-{name}": 0 for formset in ("skus", "gallery") for name in FORMSET},
    }

    answer = client.post(admin_page("catalog_product_add"), {**typed, "sold_in": [east.pk]})

    assert answer.status_code == 302
    assert list(Product.objects.get(code="VINEGAR").sold_in.all()) == [east]
    assert AuditEntry.objects.get(verb="catalog.set_regions").after["sold_in"] == ["east"]
