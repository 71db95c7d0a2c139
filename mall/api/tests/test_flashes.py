"""promotions/flash-sales/ and orders in one, as a mini-program sees them (P-19, P-20, P-22)."""

from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.core.cache import cache

from mall.api.testing import ApiClient
from mall.kernel import clock
from mall.kernel.testing.queries import count_queries
from members.testing import make_address, make_member
from orders.models import Order
from orders.services import refresh_shelf
from orders.testing import make_flash_order, make_flash_sale, make_stocked_sku
from promotions.models import ActivityItem, FlashReminder
from promotions.services import block_origin, gating

pytestmark = pytest.mark.django_db
LIST = "promotions/flash-sales/"


@pytest.fixture(autouse=True)
def _fresh_redis():
    """No throttle and no gate remembers a test before this one."""
    gating.rest_no_longer()


@pytest.fixture
def member():
    return buyer()


def buyer():
    member = make_member()
    make_address(member=member)
    return member


def shelved(**values):
    sku = make_stocked_sku(price_fen=10_000, on_hand=50, **values)
    refresh_shelf(clock.now(), [sku.product_id])
    return sku


def sale(*skus, **values):
    return make_flash_sale(*(skus or (shelved(),)), at=clock.now(), **values)


def body_of(client, member, campaign, quantity=1):
    """A buy-now body with the hash of its quote."""
    item = campaign.items.order_by("pk")[0]
    offer = {"kind": "flash", "id": str(campaign.pk)}
    body = {
        "lines": [{"sku_id": item.sku_id, "quantity": quantity, "offer": offer}],
        "address_id": member.addresses.get().pk,
    }
    quote = client.post_json("checkout/quote/", body).json()
    return {**body, "quote_hash": quote["quote_hash"]}


def test_P_19_the_list_tells_price_quota_and_the_clock():
    campaign = sale(quota=20, per_member=2, rule={"pay_minutes": 5, "remind_minutes": 10})

    [row] = ApiClient().get_json(LIST).json()["results"]

    assert (row["id"], row["is_on"], row["pay_minutes"], row["is_reminded"]) == (
        campaign.pk, True, 5, False,
    )  # fmt: skip
    [item] = row["items"]
    assert (item["price_fen"], item["quota"], item["left"]) == (5_000, 20, 20)
    assert item["per_member"] == 2
    assert row["starts_at"] <= row["server_time"] < row["ends_at"]


def test_the_list_asks_as_often_for_five_sales_as_for_one():
    sale()
    client = ApiClient.of(buyer())
    client.get_json(LIST)
    with count_queries() as few:
        client.get_json(LIST)
    for _n in range(4):
        sale(shelved(), shelved())

    with count_queries() as many:
        answer = client.get_json(LIST)

    assert len(answer.json()["results"]) == 5
    assert len(few) == len(many)


def test_an_order_in_a_flash_sale_costs_its_price_and_closes_soon(member):
    campaign, client = sale(rule={"pay_minutes": 5}), ApiClient.of(member)

    answer = client.post_json("orders/", body_of(client, member, campaign), key=uuid4().hex)

    assert answer.status_code == 201, answer.json()
    order = Order.objects.get()
    assert (order.offer_kind, order.payable_fen - order.freight_fen) == ("flash", 5_000)
    assert order.expires_at - order.placed_at == timedelta(minutes=5)


def test_a_coupon_and_a_full_price_never_come_with_it(member):
    campaign, client = sale(), ApiClient.of(member)
    body = body_of(client, member, campaign)

    answer = client.post_json("checkout/quote/", {**body, "auto_coupons": True})

    assert answer.status_code == 400  # a hash has no place in a quote
    body.pop("quote_hash")
    quote = client.post_json("checkout/quote/", {**body, "auto_coupons": True}).json()
    assert [step["kind"] for step in quote["lines"][0]["steps"]] == ["flash"]


def test_sold_out_is_said_before_anything_is_priced(member):
    campaign, client = sale(quota=1), ApiClient.of(member)
    body = body_of(client, member, campaign)
    make_flash_order(campaign, at=clock.now())

    with patch("orders.services.placing.quote") as priced, count_queries() as statements:
        answer = client.post_json("orders/", body, key=uuid4().hex)

    assert (answer.status_code, answer.json()["code"]) == (409, "promotions.offer_sold_out")
    assert answer.json()["facts"] == {"left": 0}
    priced.assert_not_called()
    assert len(statements) <= 5
    assert Order.objects.count() == 1


def test_the_same_key_gives_the_order_again_when_all_is_gone(member):
    campaign, client = sale(quota=1), ApiClient.of(member)
    body, key = body_of(client, member, campaign), uuid4().hex
    first = client.post_json("orders/", body, key=key)
    cache.clear()

    again = client.post_json("orders/", body, key=key)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert Order.objects.count() == 1


def test_a_refused_order_gives_its_place_at_the_gate_back(member):
    campaign, client = sale(quota=1), ApiClient.of(member)
    body = body_of(client, member, campaign)
    wrong = client.post_json("orders/", {**body, "quote_hash": "0" * 64}, key=uuid4().hex)
    assert wrong.status_code == 409

    other = buyer()
    client = ApiClient.of(other)
    answer = client.post_json("orders/", body_of(client, other, campaign), key=uuid4().hex)

    assert answer.status_code == 201


def test_who_asks_too_often_is_asked_to_wait(member):
    campaign, client = sale(quota=1), ApiClient.of(member)
    body = body_of(client, member, campaign)
    make_flash_order(campaign, at=clock.now())

    answers = [
        client.post_json("orders/", body, key=uuid4().hex) for _n in range(gating.MEMBER_TRIES + 1)
    ]

    assert {answer.json()["code"] for answer in answers[:-1]} == {"promotions.offer_sold_out"}
    assert (answers[-1].status_code, answers[-1].json()["code"]) == (429, "promotions.offer_busy")
    assert answers[-1].headers["Retry-After"] == "1"


def test_no_more_orders_for_one_sku_reach_the_database_than_it_bears(monkeypatch):
    monkeypatch.setattr(gating, "SKU_ENTRIES", 2)
    campaign = sale(quota=20)
    counter = gating.FlashCounter(campaign.pk, campaign.items.get().sku_id)

    verdicts = [gating._enter(gating.FlashEntry(counter, number, 1)) for number in range(1, 5)]

    assert verdicts == ["in", "in", "busy", "busy"]


def test_F_11_without_redis_sold_out_is_the_databases_word(member, settings):
    settings.CACHE_URL = "redis://127.0.0.1:1/0"
    campaign, client = sale(quota=1), ApiClient.of(member)
    body = body_of(client, member, campaign)
    make_flash_order(campaign, at=clock.now())

    answer = client.post_json("orders/", body, key=uuid4().hex)

    assert (answer.status_code, answer.json()["code"]) == (409, "promotions.offer_sold_out")
    assert ActivityItem.objects.get().left == 0


def test_O_56_who_is_shut_out_of_offers_orders_nothing_in_a_flash_sale(member):
    campaign, client = sale(), ApiClient.of(member)
    body = body_of(client, member, campaign)
    block_origin(origin="member", key=str(member.pk), reason="reseller", at=clock.now())

    answer = client.post_json("orders/", body, key=uuid4().hex)

    assert (answer.status_code, answer.json()["code"]) == (403, "promotions.origin_blocked")
    assert not Order.objects.exists()
    assert ActivityItem.objects.get().taken == 0


def test_P_22_a_reminder_is_asked_for_once_and_dropped(member):
    campaign = sale(starts_at=clock.now() + timedelta(hours=1))
    client, path = ApiClient.of(member), f"{LIST}{campaign.pk}/reminders/"

    first, second = client.post_json(path), client.post_json(path)

    assert (first.status_code, second.status_code) == (201, 201)
    assert FlashReminder.objects.count() == 1
    assert client.get_json(LIST).json()["results"][0]["is_reminded"] is True
    assert client.call("DELETE", path).status_code == 204
    assert client.call("DELETE", path).status_code == 204
    assert not FlashReminder.objects.exists()


def test_nobody_is_reminded_of_what_has_begun_or_is_not_there(member):
    campaign, client = sale(), ApiClient.of(member)

    late = client.post_json(f"{LIST}{campaign.pk}/reminders/")
    missing = client.post_json(f"{LIST}999999/reminders/")

    assert (late.status_code, late.json()["code"]) == (409, "promotions.reminder_too_late")
    assert missing.status_code == 404
    assert ApiClient().post_json(f"{LIST}{campaign.pk}/reminders/").status_code == 401
    assert not FlashReminder.objects.exists()
