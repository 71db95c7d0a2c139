"""Stores in the shop: pages, the nearest first; picking up; what led there. Source: X-56, O-34,
O-55, O-13, C-15."""

from decimal import Decimal

import pytest

from catalog.models import Product
from inventory.testing import make_stock, make_store
from mall.kernel import regions
from mall.storefront.journey import device_of
from mall.storefront.tests.shop import signed_in
from members.testing import make_address, make_member
from orders.models import Order
from orders.services import code_of
from orders.testing import make_stocked_sku, pay

pytestmark = pytest.mark.django_db(transaction=True)
HANGZHOU = {"latitude": Decimal("30.2741"), "longitude": Decimal("120.1551")}
SHANGHAI = {"latitude": Decimal("31.2304"), "longitude": Decimal("121.4737")}


@pytest.fixture
def stores():
    return (
        make_store(code="a-shanghai", region_code="310101", **SHANGHAI),
        make_store(code="b-hangzhou", region_code="330106", **HANGZHOU),
    )


def codes(page):
    return [store["code"] for store in page.context["stores"]]


def test_X_56_a_store_page_has_map_coordinates_and_the_nearest_comes_first(client, stores):
    listed = client.get("/en/stores/")
    near = client.get("/en/stores/?latitude=30.25&longitude=120.16")
    page = client.get("/en/stores/b-hangzhou/")

    assert codes(listed) == ["a-shanghai", "b-hangzhou"]
    assert codes(near) == ["b-hangzhou", "a-shanghai"]
    metres = [store["distance_m"] for store in near.context["stores"]]
    assert metres[0] < 5_000
    assert 150_000 < metres[1] < 180_000
    assert "geo:30.274100,120.155100" in page.content.decode()
    assert client.get("/en/stores/nowhere/").status_code == 404


def test_a_member_without_a_position_sees_the_own_region_first(client, stores):
    member = make_member()
    make_address(member=member, region_code=regions.children("330106")[0].code)
    shopper = signed_in(member)

    assert codes(shopper.get("/en/stores/")) == ["b-hangzhou", "a-shanghai"]


@pytest.mark.parametrize(
    "place", ["latitude=x&longitude=1", "latitude=91&longitude=0", "latitude=nan&longitude=1"]
)
def test_a_position_that_is_none_changes_nothing(client, stores, place):
    assert codes(client.get(f"/en/stores/?{place}")) == ["a-shanghai", "b-hangzhou"]


def test_a_closed_store_is_not_shown(client, stores):
    store = stores[0]
    store.is_active = False
    store.save()

    assert codes(client.get("/en/stores/")) == ["b-hangzhou"]
    assert client.get("/en/stores/a-shanghai/").status_code == 404


@pytest.fixture
def shopper(stores):
    member = make_member()
    client = signed_in(member)
    client.member = member
    return client


def picked_up(client, store, sku, **values):
    where = {"sku_id": sku.pk, "quantity": 1, "delivery": "pickup", "store_id": store.pk}
    shown = client.post("/en/checkout/", {**where, "do": "requote"})
    context = shown.context
    form = {
        **where,
        "do": "place",
        "token": context["token"],
        "quote_hash": context["quote"]["quote_hash"],
        "seen_fen": context["quote"]["payable_fen"],
        "receiver_name": "王芳",
        "receiver_phone": "139 1234 5678",
        **values,
    }
    return shown, client.post("/en/checkout/", form)


def test_O_34_picking_up_needs_no_address_and_shows_the_code_once_paid(shopper, stores):
    sku = make_stocked_sku()
    make_stock(sku=sku, on_hand=3, warehouse=stores[1].warehouse)

    shown, placed = picked_up(shopper, stores[1], sku)
    order = Order.objects.get()
    unpaid = shopper.get(f"/en/orders/{order.number}/").content.decode()
    pay(order)
    code = code_of(order.pickup)
    paid = shopper.get(f"/en/orders/{order.number}/").content.decode()

    assert shown.context["quote"]["freight_fen"] == 0
    assert placed.status_code == 302
    assert (order.delivery, order.receiver_phone) == ("pickup", "13912345678")
    assert f"{code[:5]} {code[5:]}" not in unpaid
    assert f"{code[:5]} {code[5:]}" in paid


def test_who_fetches_it_is_asked_for(shopper, stores):
    sku = make_stocked_sku()
    make_stock(sku=sku, on_hand=3, warehouse=stores[1].warehouse)

    _shown, answer = picked_up(shopper, stores[1], sku, receiver_name="", receiver_phone="12")

    assert not Order.objects.exists()
    assert set(answer.context["form"].errors) == {"receiver_name", "receiver_phone"}


def test_O_55_an_order_from_a_live_card_keeps_its_session(shopper):
    sku = make_stocked_sku()
    make_address(member=shopper.member)
    page = shopper.get(f"/en/product/{sku.product_id}/?source=live:7")
    shopper.post(
        "/en/cart/add/", {"sku_id": sku.pk, "quantity": 1, "source": page.context["source"]}
    )

    shown = shopper.get("/en/checkout/").context
    shopper.post(
        "/en/checkout/",
        {
            "do": "place",
            "address_id": shopper.member.addresses.get().pk,
            "token": shown["token"],
            "quote_hash": shown["quote"]["quote_hash"],
        },
    )

    assert Order.objects.get().lines.get().source == "live:7"


def test_O_55_buying_now_keeps_the_source_too_and_an_invented_one_is_dropped(shopper):
    sku = make_stocked_sku()

    def bought(source):
        form = {"sku_id": sku.pk, "quantity": 1, "then": "checkout", "source": source}
        return shopper.post("/en/cart/add/", form).url

    assert "source=share%3Aabc" in bought("share:abc")
    assert "source" not in bought("<script>")


def test_O_13_the_order_keeps_channel_campaign_and_device(shopper, stores):
    sku = make_stocked_sku()
    make_stock(sku=sku, on_hand=3, warehouse=stores[1].warehouse)
    shopper.get("/en/?channel=partner&utm_campaign=double-11")
    shopper.defaults["HTTP_USER_AGENT"] = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) Mobile"

    picked_up(shopper, stores[1], sku)

    order = Order.objects.get()
    assert (order.channel, order.campaign, order.device) == ("partner", "double-11", "phone")


def test_an_unknown_channel_is_the_web(shopper, stores):
    sku = make_stocked_sku()
    make_stock(sku=sku, on_hand=3, warehouse=stores[1].warehouse)
    shopper.get("/en/?channel=nobody")

    picked_up(shopper, stores[1], sku)

    assert Order.objects.get().channel == "web"


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("", ""),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "desktop"),
        ("Mozilla/5.0 (Linux; Android 14; Pixel 8) Mobile Safari", "phone"),
        ("Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X)", "tablet"),
    ],
)
def test_devices_are_told_by_what_browsers_say(agent, device):
    assert device_of(agent) == device


def test_C_15_the_product_page_says_the_edition_and_its_limits(client):
    sku = make_stocked_sku()
    Product.objects.filter(pk=sku.product_id).update(
        edition="limited", partner_zh="故宫", partner_en="Palace Museum", member_limit=2
    )

    page = client.get(f"/en/product/{sku.product_id}/").content.decode()

    assert "Limited, with Palace Museum" in page
    assert "2 pieces for each member" in page


@pytest.mark.parametrize(
    ("tax_no", "is_taken"),
    [("91350100M000100Y43", True), ("91350100M000100Y44", False), ("123", False)],
)
def test_O_12_a_company_s_tax_number_is_checked_and_kept_for_the_next_time(
    shopper, stores, tax_no, is_taken
):
    sku = make_stocked_sku()
    make_stock(sku=sku, on_hand=3, warehouse=stores[1].warehouse)
    invoice = {"invoice_kind": "company", "invoice_title": "杭州某某公司", "invoice_tax_no": tax_no}

    picked_up(shopper, stores[1], sku, **invoice)

    assert Order.objects.exists() is is_taken
    if is_taken:
        assert Order.objects.get().invoice["tax_no"] == tax_no
        again = shopper.get(f"/en/checkout/?sku_id={sku.pk}&quantity=1").context["form"]
        assert again["invoice_tax_no"].value() == tax_no
