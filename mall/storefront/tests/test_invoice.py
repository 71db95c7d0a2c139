"""The page that asks for the invoice of an order that was placed without. Source: O-12."""

import pytest

from mall.kernel import clock
from mall.storefront.tests.shop import make_shopper, signed_in
from orders.models import Order
from orders.testing import make_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def shopper():
    return make_shopper()


def _page_of(order):
    return f"/en/orders/{order.number}/invoice/"


def test_the_order_leads_to_it_and_shows_what_was_asked(shopper):
    order = make_order(member=shopper, at=clock.now())
    browser = signed_in(shopper)

    offered = browser.get(f"/en/orders/{order.number}/").content.decode()
    page = browser.get(_page_of(order)).content.decode()
    sent = {"invoice_kind": "personal", "invoice_title": "林小满"}
    after = browser.post(_page_of(order), sent, follow=True).content.decode()

    assert "Ask for an invoice" in offered
    assert "what this order costs you" in page
    assert "The invoice is asked for." in after
    assert "林小满" in after
    assert "Ask for an invoice" not in after
    assert Order.objects.get().invoice == {"kind": "personal", "title": "林小满"}
    assert browser.get(_page_of(order)).status_code == 302


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"invoice_kind": "personal"}, "Who is the invoice for?"),
        ({"invoice_kind": "company", "invoice_title": "店"}, "needs its tax number"),
        ({"invoice_kind": "", "invoice_title": "店"}, "required"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_kept(shopper, sent, said):
    order = make_order(member=shopper, at=clock.now())

    page = signed_in(shopper).post(_page_of(order), sent).content.decode()

    assert said in page
    assert Order.objects.get().invoice is None
