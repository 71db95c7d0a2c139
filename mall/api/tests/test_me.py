import uuid
from datetime import timedelta

import pytest

from mall.api.testing import ApiClient
from mall.kernel import clock
from mall.kernel.testing.queries import count_queries
from members import services
from members.models import Address, PointsEntry, SignIn
from members.testing import HANGZHOU, make_address, make_member

pytestmark = pytest.mark.django_db
BODY = {"name": "李四", "phone": "13912345678", "region_code": HANGZHOU, "detail": "文三路 1 号"}


@pytest.fixture
def member():
    return make_member(points=250)


@pytest.fixture
def client(member):
    return ApiClient.of(member)


def test_me_is_one_member_in_few_statements(client, member):
    with count_queries(at_most=3):
        answer = client.get_json("me/")

    assert answer.json() == {
        "id": member.pk,
        "nickname": member.nickname,
        "phone_masked": member.account.phone_masked,
        "avatar": None,
        "tier": {"code": "normal", "name": "Member", "rate_bp": 10_000},
        "growth_fen": 0,
        "points": 250,
        "unread": 1,
        "coupons_count": 0,
    }
    assert member.account.phone.encode() not in answer.content


def test_nobody_is_401_in_problem_json():
    answer = ApiClient().get_json("me/")

    assert answer.status_code == 401
    assert answer.json()["code"] == "auth.required"
    assert answer["WWW-Authenticate"] == "Bearer"


def test_words_follow_the_reader(client):
    answer = client.get_json("me/", **{"Accept-Language": "zh-hans"})

    assert answer.json()["tier"]["name"] == "普通"
    assert answer["Content-Language"] == "zh-hans"
    assert "Accept-Language" in answer["Vary"]


def test_i_change_my_name_and_nothing_else(client, member):
    assert client.call("PATCH", "me/", {"nickname": "  新 名字 "}).json()["nickname"] == "新 名字"

    for body in (
        {"points": 9},
        {"nickname": ""},
        {"nickname": "x" * 41},
        {"birthday": "2999-01-01"},
    ):
        assert client.call("PATCH", "me/", body).status_code == 400
    member.refresh_from_db()
    assert member.nickname == "新 名字"


def test_O_05_the_first_address_is_the_default_and_a_new_default_unsets_the_old(client):
    first = client.post_json("me/addresses/", BODY)
    second = client.post_json("me/addresses/", {**BODY, "is_default": True, "tag": "家"})

    assert first.status_code == second.status_code == 201
    assert first.json()["is_default"] is True
    assert second.json()["region_names"][:2] == ["浙江省", "杭州市"]
    rows = client.get_json("me/addresses/").json()["results"]
    assert [(row["id"], row["is_default"]) for row in rows] == [
        (second.json()["id"], True),
        (first.json()["id"], False),
    ]


def test_one_field_of_an_address_changes_alone(client, member):
    address = make_address(member=member)

    answer = client.call("PATCH", f"me/addresses/{address.pk}/", {"detail": "新址"})

    assert answer.json()["detail"] == "新址"
    assert answer.json()["name"] == address.name
    assert answer.json()["is_default"] is True


def test_the_default_passes_on_when_it_is_deleted(client, member):
    first, second = make_address(member=member), make_address(member=member)

    assert client.call("DELETE", f"me/addresses/{second.pk}/").status_code == 204

    assert client.get_json(f"me/addresses/{first.pk}/").json()["is_default"] is True
    assert client.get_json(f"me/addresses/{second.pk}/").status_code == 404


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_anothers_address_is_not_there(client, method):
    foreign = make_address(member=make_member())

    answer = client.call(method, f"me/addresses/{foreign.pk}/", {"detail": "x"})
    missing = client.call(method, "me/addresses/999999999/", {"detail": "x"})

    assert answer.status_code == missing.status_code == 404
    assert {**answer.json(), "trace_id": ""} == {**missing.json(), "trace_id": ""}
    assert Address.objects.get(pk=foreign.pk).detail == foreign.detail


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("region_code", "330106"),
        ("region_code", "999999999"),
        ("region_code", ""),
        ("phone", "1391234567"),
        ("name", ""),
        ("name", "x" * 41),
        ("detail", "a\x00b"),
        ("detail", "a\ud800b"),
        ("is_default", "true"),
        ("surprise", 1),
    ],
)
def test_a_bad_address_names_its_field_and_changes_nothing(client, field, value):
    answer = client.post_json("me/addresses/", {**BODY, field: value})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == field
    assert not Address.objects.exists()


def test_the_points_ledger_pages(client, member):
    for number in range(3):
        services.earn_points(
            member_id=member.pk,
            points=10,
            source_type="order",
            source_id=f"2026112200{number}",
            at=clock.now() + timedelta(seconds=number),
        )

    page = client.get_json("me/points/?page_size=2").json()

    assert [row["balance"] for row in page["results"]] == [280, 270]
    assert page["results"][0]["order_number"] == "20261122002"
    assert page["results"][0]["label"] == "earned by an order"
    assert page["previous"] is None
    rest = client.get(page["next"], headers={"Authorization": f"Bearer {client.token}"}).json()
    assert [row["balance"] for row in rest["results"]] == [260, 250]
    assert client.get_json("me/points/?page_size=101").status_code == 400


@pytest.mark.parametrize("entries", [2, 50])
def test_the_points_ledger_costs_the_same_for_two_and_for_fifty(client, member, entries):
    for number in range(entries):
        services.earn_points(
            member_id=member.pk, points=1, source_type="x", source_id=str(number), at=clock.now()
        )

    with count_queries(at_most=2):
        client.get_json("me/points/?page_size=100")


def test_a_check_in_is_kept_once_a_day_and_replayed_by_its_key(client, member):
    first = client.post_json("me/check-ins/", key="k1")
    replayed = client.post_json("me/check-ins/", key="k1")
    second = client.post_json("me/check-ins/", key="k2")
    keyless = client.post_json("me/check-ins/")

    day = clock.day_of(clock.now()).isoformat()
    assert first.status_code == 201
    assert first.json() == replayed.json() == {"day": day, "streak": 1, "points": 5}
    assert (second.status_code, second.json()["code"]) == (409, "members.checked_in_already")
    assert (keyless.status_code, keyless.json()["code"]) == (400, "idempotency.key_required")
    assert PointsEntry.objects.filter(kind="check_in").count() == 1
    month = client.get_json("me/check-ins/").json()
    assert (month["days"], month["done"], month["streak"]) == ([day], True, 1)
    assert client.get_json("me/check-ins/?month=2026-13").status_code == 400


def test_the_tier_page_tells_the_way_up(client, member):
    services.add_growth(
        member_id=member.pk, delta_fen=25_000, source_type="order", source_id="1", at=clock.now()
    )

    answer = client.get_json("me/tier/").json()

    assert (answer["code"], answer["growth_fen"]) == ("silver", 25_000)
    assert (answer["next"]["code"], answer["next"]["missing_fen"]) == ("gold", 5_000)
    assert [step["code"] for step in answer["ladder"]] == ["normal", "silver", "gold", "diamond"]
    assert answer["perks"] == [{"icon": "truck", "label": "Free freight"}]


def test_the_inbox_is_read_one_by_one_or_at_once(client, member):
    services.add_growth(
        member_id=member.pk, delta_fen=30_000, source_type="order", source_id="1", at=clock.now()
    )
    rows = client.get_json("me/notifications/").json()["results"]
    assert [row["title"] for row in rows] == ["Welcome to Gold", "250 points have arrived"]
    assert "300.00" in rows[0]["body"]

    assert client.post_json("me/notifications/read/", {"id": rows[0]["id"]}).json() == {"read": 1}
    assert client.post_json("me/notifications/read/").json() == {"read": 1}
    assert client.get_json("me/").json()["unread"] == 0


def test_anothers_message_stays_unread(client):
    other = make_member(points=5)
    message = ApiClient.of(other).get_json("me/notifications/").json()["results"][0]

    assert client.post_json("me/notifications/read/", {"id": message["id"]}).json() == {"read": 0}


def test_devices_are_listed_and_one_is_signed_out(client, member):
    other = ApiClient.of(member)
    rows = client.get_json("me/sessions/").json()["results"]
    assert [row["is_current"] for row in rows].count(True) == 1
    there = next(row["id"] for row in rows if not row["is_current"])

    assert client.call("DELETE", f"me/sessions/{there}/").status_code == 204

    assert other.get_json("me/").status_code == 401
    assert len(client.get_json("me/sessions/").json()["results"]) == 1


def test_anothers_device_is_not_there(client):
    foreign = ApiClient.of(make_member())
    device = SignIn.objects.latest("began_at")

    assert client.call("DELETE", f"me/sessions/{device.pk}/").status_code == 404
    assert client.call("DELETE", f"me/sessions/{uuid.uuid4()}/").status_code == 404
    assert foreign.get_json("me/").status_code == 200


def test_regions_cascade_without_a_query():
    client = ApiClient()

    with count_queries(at_most=0):
        provinces = client.get_json("catalog/regions/").json()["results"]
        streets = client.get_json("catalog/regions/?parent=330106").json()["results"]
        unknown = client.get_json("catalog/regions/?parent=x")

    assert len(provinces) == 34
    assert {"code": "33", "name": "浙江省", "is_deepest": False} in provinces
    assert all(street["is_deepest"] and len(street["code"]) == 9 for street in streets)
    assert unknown.status_code == 404
