"""The invoice that is asked for after the order, over the API. Source: O-12, api.md."""

import pytest

from mall.api.testing import ApiClient
from members.testing import make_member
from orders.models import Order
from orders.services import cancel_order
from orders.testing import NOON, make_order

pytestmark = pytest.mark.django_db(transaction=True)
OURS = {"kind": "personal", "title": "林小满"}
COMPANY = {"kind": "company", "title": "杭州集市有限公司", "tax_no": "91330106ma2cfxbq0p"}


@pytest.fixture
def member():
    return make_member()


@pytest.fixture
def client(member):
    return ApiClient.of(member)


def test_O_12_an_invoice_is_asked_for_once_after_the_order(client, member):
    order = make_order(member=member)
    url = f"orders/{order.number}/invoice/"
    assert "invoice" in client.get_json(f"orders/{order.number}/").json()["can"]

    asked = client.post_json(url, OURS)
    again = client.post_json(url, OURS)
    other = client.post_json(url, OURS | {"title": "别人"})

    assert (asked.status_code, again.status_code) == (200, 200)
    assert asked.json()["invoice"] == OURS
    assert "invoice" not in asked.json()["can"]
    assert (other.status_code, other.json()["code"]) == (409, "orders.invoice_asked")
    assert Order.objects.get().invoice == OURS


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"kind": "personal"},
        {"kind": "secret", "title": "我"},
        {"kind": "company", "title": "店"},
        {"kind": "company", "title": "店", "tax_no": "123"},
        {"kind": "personal", "title": "我", "email": "none"},
        {"kind": "personal", "title": "我", "paid": True},
    ],
)
def test_an_invoice_that_is_none_changes_nothing(client, member, body):
    order = make_order(member=member)

    refused = client.post_json(f"orders/{order.number}/invoice/", body)

    assert refused.status_code == 400
    assert Order.objects.get().invoice is None


def test_a_closed_order_has_none_and_another_member_s_is_not_there(client, member):
    closed, foreign = make_order(member=member), make_order()
    cancel_order(number=closed.number, member_id=member.pk, reason="", at=NOON)

    refused = client.post_json(f"orders/{closed.number}/invoice/", OURS)
    hidden = client.post_json(f"orders/{foreign.number}/invoice/", OURS)

    assert (refused.status_code, refused.json()["code"]) == (409, "orders.illegal_move")
    assert hidden.status_code == 404
    assert not Order.objects.filter(invoice__isnull=False).exists()
