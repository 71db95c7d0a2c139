"""Group buys and bargains at the REST door. Rows P-32 and P-34."""

from datetime import timedelta

import pytest

from mall.api.testing import ApiClient
from mall.kernel import clock
from mall.kernel.testing.queries import count_queries
from members.testing import make_address, make_member
from orders.models import Order
from orders.services import refresh_shelf
from orders.testing import make_group_order, make_stocked_sku
from promotions.models import BargainHelp, BargainStart, DeedRecord, DeedRule, Team
from promotions.services import help_bargain, start_bargain
from promotions.testing import make_bargain, make_campaign, make_coupon, make_group_buy

pytestmark = pytest.mark.django_db


@pytest.fixture
def sku():
    return shelved()


@pytest.fixture
def member():
    member = make_member(nickname="Mia")
    make_address(member=member)
    return member


@pytest.fixture
def client(member):
    return ApiClient.of(member)


def shelved():
    sku = make_stocked_sku(price_fen=10_000)
    refresh_shelf(clock.now(), [sku.product_id])
    return sku


def order_body(client, member, sku, offer):
    body = {
        "lines": [{"sku_id": sku.pk, "quantity": 1, "offer": offer}],
        "address_id": member.addresses.get().pk,
    }
    quote = client.post_json("checkout/quote/", body).json()
    return {**body, "quote_hash": quote["quote_hash"]}, quote


def opened(campaign, **values):
    return make_group_order(campaign, paid=True, at=clock.now(), **values)


def test_P_32_a_guest_sees_group_buys_with_the_servers_time(sku):
    campaign = make_group_buy(sku, packet_fen=500, newcomers_only=True)
    make_group_buy(make_stocked_sku()).items.all().delete()
    make_campaign("group", status="draft")

    answer = ApiClient().get_json("promotions/group-buys/").json()

    row = next(row for row in answer["results"] if row["id"] == campaign.pk)
    assert {name: row[name] for name in ("size", "hours", "newcomers_only", "packet_fen")} == {
        "size": 3, "hours": 24, "newcomers_only": True, "packet_fen": 500,
    }  # fmt: skip
    assert row["server_time"].endswith("Z")
    [item] = row["items"]
    assert (item["sku_id"], item["price_fen"], item["left"]) == (sku.pk, 8_000, 100)
    assert item["product"]["id"] == sku.product_id


def test_P_32_open_teams_are_listed_with_short_names_and_no_phone(client, sku):
    campaign = make_group_buy(sku)
    order = opened(campaign, member=make_member(nickname="Lin Lan"))
    make_group_order(campaign, at=clock.now())

    answer = client.get_json(f"promotions/group-buys/{campaign.pk}/teams/")

    [team] = answer.json()["results"]
    assert (team["team_no"], team["opener"], team["missing"], team["state"]) == (
        order.offer_reference, "L***", 2, "open",
    )  # fmt: skip
    assert order.member.account.phone not in answer.content.decode()
    assert client.get_json("promotions/group-buys/999999/teams/").status_code == 404


def test_P_32_joining_is_an_order_with_the_team_and_a_full_team_is_409(client, member, sku):
    campaign = make_group_buy(sku, size=2)
    team_no = opened(campaign).offer_reference
    offer = {"kind": "group", "id": campaign.pk, "team_id": team_no}
    body, quote = order_body(client, member, sku, offer)

    answer = client.post_json("orders/", body, key="k1")

    assert answer.status_code == 201
    assert quote["lines"][0]["steps"][0]["kind"] == "group"
    assert Team.objects.get().seats_taken == 2
    shown = client.get_json(f"promotions/teams/{team_no}/").json()
    assert (shown["is_mine"], shown["is_full"], len(shown["members"])) == (True, True, 2)
    other = make_member()
    make_address(member=other)
    late = ApiClient.of(other)
    refused = late.post_json("orders/", order_body(late, other, sku, offer)[0], key="k1")
    assert (refused.status_code, refused.json()["code"]) == (409, "promotions.team_full")
    assert Order.objects.count() == 2


def test_opening_answers_with_the_teams_number_on_the_order(client, member, sku):
    campaign = make_group_buy(sku)
    body, _quote = order_body(client, member, sku, {"kind": "group", "id": campaign.pk})

    number = client.post_json("orders/", body, key="k1").json()["number"]

    assert Order.objects.get(number=number).offer_reference == Team.objects.get().number


@pytest.mark.parametrize("team_id", ["x" * 33, "a b", "none"])
def test_a_team_that_is_none_is_not_found(client, member, sku, team_id):
    campaign = make_group_buy(sku)
    offer = {"kind": "group", "id": campaign.pk}
    body, _quote = order_body(client, member, sku, offer)
    body["lines"][0]["offer"]["team_id"] = team_id
    body.pop("quote_hash")

    quoted = client.post_json("checkout/quote/", body)
    body["quote_hash"] = quoted.json().get("quote_hash", "none")

    assert client.post_json("orders/", body, key="k1").status_code == 404
    assert not Order.objects.exists()


def test_new_buyers_only_is_said_when_it_is_priced(client, member, sku):
    campaign = make_group_buy(sku, newcomers_only=True)
    opened(make_group_buy(sku), member=member)

    answer = client.post_json(
        "checkout/quote/",
        {
            "lines": [
                {"sku_id": sku.pk, "quantity": 1, "offer": {"kind": "group", "id": campaign.pk}}
            ]
        },
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "promotions.new_buyers_only")


def test_a_team_that_nobody_knows_is_404(client):
    assert client.get_json("promotions/teams/nothing/").status_code == 404
    assert client.get_json("promotions/bargain-starts/nothing/").status_code == 404


def test_P_34_start_help_and_buy_at_the_cut_price(client, member, sku):
    campaign = make_bargain(sku, helps=1)
    path = f"promotions/bargains/{campaign.pk}/starts/"

    started = client.post_json(path, {"sku_id": sku.pk}, key="k1")
    again = client.post_json(path, {"sku_id": sku.pk}, key="k2")
    number = started.json()["bargain_no"]
    friend = ApiClient.of(make_member(nickname="Wei"))
    helped = friend.post_json(f"promotions/bargain-starts/{number}/helps/", key="k1")

    assert (started.status_code, again.json()["bargain_no"]) == (201, number)
    assert helped.status_code == 201
    assert (helped.json()["cut_fen"], helped.json()["bargain"]["price_fen"]) == (3_000, 5_000)
    shown = friend.get_json(f"promotions/bargain-starts/{number}/").json()
    assert (shown["is_mine"], shown["has_helped"], shown["owner"]) == (False, True, "M***")
    assert [(cut["name"], cut["cut_fen"]) for cut in shown["cuts"]] == [("W***", 3_000)]
    body, _quote = order_body(client, member, sku, {"kind": "bargain", "id": number})
    assert client.post_json("orders/", body, key="k3").status_code == 201
    assert BargainStart.objects.get().state == "ordered"


def test_P_34_the_same_friend_is_refused_and_the_same_key_answers_the_same(client, sku):
    start = started_by(make_member(), sku)
    path = f"promotions/bargain-starts/{start.number}/helps/"

    first = client.post_json(path, key="k1")
    replayed = client.post_json(path, key="k1")
    second = client.post_json(path, key="k2")

    assert first.json() == replayed.json()
    assert (second.status_code, second.json()["code"]) == (409, "promotions.already_helped")
    assert BargainHelp.objects.count() == 1


def test_helping_needs_a_member_who_is_not_the_owner(client, member, sku):
    start = started_by(member, sku)
    path = f"promotions/bargain-starts/{start.number}/helps/"

    assert ApiClient().post_json(path, key="k1").status_code == 401
    assert client.post_json(path).json()["code"] == "idempotency.key_required"
    assert client.post_json(path, key="k1").json()["code"] == "promotions.own_bargain"
    assert not BargainHelp.objects.exists()


def test_somebody_elses_bargain_is_not_sold_to_me(client, member, sku):
    start = started_by(make_member(), sku)
    offer = {"kind": "bargain", "id": start.number}

    answer = client.post_json(
        "checkout/quote/", {"lines": [{"sku_id": sku.pk, "quantity": 1, "offer": offer}]}
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "orders.offer_refused")


def test_P_65_a_refused_help_leaves_a_record(client, sku):
    DeedRule.objects.create(deed="bargain", origin="device", most=1)
    one, two = started_by(make_member(), sku), started_by(make_member(), sku)

    answers = [
        client.post_json(
            f"promotions/bargain-starts/{start.number}/helps/", key="k1", **{"X-Device-Id": "phone"}
        )
        for start in (one, two)
    ]

    assert [answer.status_code for answer in answers] == [201, 429]
    assert list(DeedRecord.objects.order_by("pk").values_list("refused", flat=True)) == [
        "", "deed_refused",
    ]  # fmt: skip
    assert BargainHelp.objects.count() == 1


def test_one_device_is_the_same_at_every_door_however_long_its_name(client, sku):
    start, phone = started_by(make_member(), sku), {"X-Device-Id": "p" * 100}

    client.post_json(f"promotions/bargain-starts/{start.number}/helps/", key="k1", **phone)
    client.post_json(f"promotions/coupons/{make_coupon().pk}/claim/", key="k2", **phone)

    assert set(DeedRecord.objects.values_list("deed", flat=True)) == {"bargain", "claim"}
    assert DeedRecord.objects.values("device").distinct().count() == 1


def test_lists_cost_the_same_for_two_rows_and_for_fifty(client, member):
    counts = []
    skus = [make_stocked_sku(price_fen=10_000) for _n in range(50)]
    refresh_shelf(clock.now(), [sku.product_id for sku in skus])
    group = make_group_buy(*skus[:1], quota=1000)
    for rows in (skus[:2], skus[2:]):
        make_group_buy(*rows)
        for sku in rows:
            started_by(member, sku)
            team_of(group)
        for path in (
            "promotions/group-buys/",
            f"promotions/group-buys/{group.pk}/teams/?page_size=100",
            "promotions/bargains/",
            "promotions/bargain-starts/?page_size=100",
        ):
            with count_queries(at_most=8) as statements:
                assert client.get_json(path).status_code == 200
            counts.append((path, len(statements)))

    assert counts[:4] == counts[4:]


def test_pages_cost_the_same_for_two_helpers_and_for_nine(client, sku):
    start, counts = started_by(make_member(), sku), []
    for helps in (2, 7):
        for _n in range(helps):
            help_bargain(number=start.number, helper_id=make_member().pk, at=clock.now())
        with count_queries(at_most=6) as statements:
            client.get_json(f"promotions/bargain-starts/{start.number}/")
        counts.append(len(statements))

    assert counts[0] == counts[1]


def test_a_teams_state_is_told_by_the_clock(client, sku):
    order = opened(make_group_buy(sku))
    Team.objects.update(
        opened_at=clock.now() - timedelta(days=2), ends_at=clock.now() - timedelta(seconds=1)
    )

    shown = client.get_json(f"promotions/teams/{order.offer_reference}/").json()

    assert (shown["state"], Team.objects.get().state) == ("failed", "open")


def team_of(campaign):
    """A team whose opener has paid, as a row."""
    at, number = clock.now(), Team.objects.count()
    Team.objects.create(
        number=f"team{number}",
        item=campaign.items.get(),
        opener=make_member(),
        size=3,
        seats_taken=1,
        seats_paid=1,
        opened_at=at,
        ends_at=at + timedelta(hours=1),
    )


def started_by(member, sku):
    campaign = make_bargain(sku)
    return start_bargain(
        campaign_id=campaign.pk, sku_id=sku.pk, member_id=member.pk, at=clock.now()
    )


def test_P_65_a_refused_group_order_leaves_a_record():
    campaign, statuses = make_group_buy(make_stocked_sku(), size=2), []
    sku = campaign.items.get().sku
    for number in range(2):
        address = make_address(member=make_member())
        client = ApiClient.of(address.member)
        line = {"sku_id": sku.pk, "quantity": 1, "offer": {"kind": "group", "id": campaign.pk}}
        body = {"lines": [line], "address_id": address.pk}
        body["quote_hash"] = client.post_json("checkout/quote/", body).json()["quote_hash"]
        answer = client.post_json(
            "orders/", body, key=f"key-{number}-0001", **{"X-Device-Id": "one-phone"}
        )
        statuses.append((answer.status_code, answer.json().get("code")))

    assert statuses == [(201, None), (429, "promotions.deed_refused")]
    kept = DeedRecord.objects.filter(deed="group").order_by("pk")
    assert list(kept.values_list("refused", flat=True)) == ["", "deed_refused"]
    assert Order.objects.count() == 1
