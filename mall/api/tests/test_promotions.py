import pytest

from mall.api.testing import ApiClient
from mall.kernel import clock
from mall.kernel.testing.queries import count_queries
from mall.kernel.testing.race import stampede
from members.testing import make_member
from promotions.models import Coupon, CouponGrant
from promotions.services import lock_grants
from promotions.testing import make_coupon, make_grant

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    return make_member()


@pytest.fixture
def client(member):
    return ApiClient.of(member)


def claim_path(coupon):
    return f"promotions/coupons/{coupon.pk}/claim/"


def test_a_guest_sees_the_coupon_centre(client):
    coupon = make_coupon(off_fen=1_000, threshold_fen=9_900, title_en="Ten off")
    make_coupon(status="draft")

    answer = ApiClient().get_json("promotions/coupons/")

    assert answer.status_code == 200
    assert answer.json() == {
        "next": None,
        "previous": None,
        "results": [
            {
                "id": coupon.pk,
                "kind": "amount",
                "label": "Ten off",
                "threshold_fen": 9_900,
                "off_fen": 1_000,
                "rate_bp": None,
                "cap_fen": None,
                "exchange_price_fen": None,
                "scope": "Whole shop",
                "audience": [],
                "first_order": False,
                "starts_at": "2020-01-01T00:00:00Z",
                "ends_at": "2099-01-01T00:00:00Z",
                "state": "open",
                "near_metres": None,
                "live": None,
            }
        ],
    }


def test_claiming_answers_201_and_the_same_key_the_same_again(client, member):
    coupon = make_coupon(per_member=2)

    first = client.post_json(claim_path(coupon), key="k1")
    again = client.post_json(claim_path(coupon), key="k1")

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert first.json()["state"] == "usable"
    assert first.json()["coupon"]["id"] == coupon.pk
    assert CouponGrant.objects.get().member_id == member.pk
    assert client.get_json("promotions/coupons/").json()["results"][0]["state"] == "open"


def test_the_key_of_one_coupon_does_not_answer_for_another(client):
    one, two = make_coupon(), make_coupon()

    claimed = [client.post_json(claim_path(coupon), key="k1").json() for coupon in (one, two)]

    assert [grant["coupon"]["id"] for grant in claimed] == [one.pk, two.pk]


@pytest.mark.parametrize(
    ("values", "status", "code"),
    [
        ({"total": 1, "issued": 1}, 409, "promotions.coupon_sold_out"),
        ({"status": "paused"}, 409, "promotions.coupon_not_claimable"),
        ({"status": "draft"}, 404, "kernel.not_found"),
        ({"is_claimable": False}, 404, "kernel.not_found"),
    ],
)
def test_a_claim_that_is_refused_changes_nothing(client, values, status, code):
    coupon = make_coupon(**values)
    before = coupon.issued

    answer = client.post_json(claim_path(coupon), key="k1")

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"] == "application/problem+json"
    assert Coupon.objects.get().issued == before
    assert not CouponGrant.objects.exists()


def test_a_second_copy_too_many_is_409_with_the_limit(client):
    coupon = make_coupon()
    client.post_json(claim_path(coupon), key="k1")

    answer = client.post_json(claim_path(coupon), key="k2")

    assert answer.status_code == 409
    assert answer.json()["code"] == "promotions.coupon_limit_reached"
    assert answer.json()["facts"] == {"allowed": 1}


def test_claiming_needs_a_member_a_key_an_empty_body_and_a_possible_id(client):
    coupon = make_coupon()

    assert ApiClient().post_json(claim_path(coupon), key="k1").status_code == 401
    assert client.post_json(claim_path(coupon)).json()["code"] == "idempotency.key_required"
    refused = client.post_json(claim_path(coupon), {"member_id": 1}, key="k1")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "member_id")
    assert client.post_json(f"promotions/coupons/{10**30}/claim/", key="k1").status_code == 404
    assert not CouponGrant.objects.exists()


def test_my_coupons_by_state_are_mine_only(client, member):
    usable, used = make_grant(member=member), make_grant(member=member)
    make_grant(member=make_member())
    lock_grants(grant_ids=[used.pk], member_id=member.pk, order_number="A1", at=clock.now())

    shown = {
        state: [grant["id"] for grant in client.get_json(path).json()["results"]]
        for state, path in (
            ("default", "me/coupons/"),
            ("used", "me/coupons/?state=used"),
            ("expired", "me/coupons/?state=expired"),
        )
    }

    assert shown == {"default": [usable.pk], "used": [used.pk], "expired": []}


@pytest.mark.parametrize("state", ["locked", "USABLE", "%00"])
def test_an_unknown_state_is_400(client, state):
    assert client.get_json(f"me/coupons/?state={state}").status_code == 400


def test_nobody_has_no_coupons():
    assert ApiClient().get_json("me/coupons/").status_code == 401


def test_lists_cost_the_same_for_two_rows_and_for_fifty(client, member):
    counts = []
    for rows in (2, 48):
        for _n in range(rows):
            make_grant(member=member)
        for path in ("promotions/coupons/?page_size=100", "me/coupons/?page_size=100"):
            with count_queries(at_most=8) as statements:
                assert client.get_json(path).status_code == 200
            counts.append((path, len(statements)))

    assert counts[:2] == counts[2:]


def click_at_once(coupon):
    """Twenty requests of one member with one key; their statuses."""
    member = make_member()
    clients = [ApiClient.of(member) for _n in range(20)]
    outcomes = stampede(
        20, lambda number: clients[number].post_json(claim_path(coupon), key="k1").status_code
    )
    assert not outcomes.errors
    return outcomes.results


@pytest.mark.django_db(transaction=True)
def test_twenty_requests_with_one_key_make_one_copy():
    coupon = make_coupon(per_member=5)

    statuses = click_at_once(coupon)

    assert set(statuses) <= {201, 409}
    assert 201 in statuses
    assert CouponGrant.objects.count() == Coupon.objects.get().issued == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_keys_lock_they_make_as_many_as_one_may_have(monkeypatch):
    coupon = make_coupon(per_member=5)
    monkeypatch.setattr("mall.kernel.idempotency.once._claim", lambda _key, _at: True)

    assert click_at_once(coupon).count(201) == 5
    assert CouponGrant.objects.count() == 5
