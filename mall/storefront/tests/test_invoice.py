"""The page that asks for the invoice of an order that was placed without. Source: O-12."""

import pytest

from mall.kernel import clock
from mall.storefront.forms import CheckoutForm, InvoiceForm
from mall.storefront.tests.shop import make_shopper, signed_in
from orders.models import Order
from orders.testing import make_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def shopper():
    return make_shopper()


def _marks(page, name):
    """What stands beside the label of a field."""
    label = page.partition(f'for="id_invoice_{name}"')[2].partition("</label>")[0]
    return label.partition('field__optional">')[2].partition("</span>")[0]


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
    assert "the amount of this order less refunds" in page
    assert "The invoice is asked for." in after
    assert "林小满" in after
    assert "Ask for an invoice" not in after
    assert Order.objects.get().invoice == {"kind": "personal", "title": "林小满"}
    assert browser.get(_page_of(order)).status_code == 302


def test_the_title_is_needed_and_the_tax_number_says_by_whom(shopper):
    order = make_order(member=shopper, at=clock.now())

    page = signed_in(shopper).get(_page_of(order)).content.decode()

    marks = [_marks(page, name) for name in ("title", "tax_no", "email")]
    assert marks == ["", "needed by a company", "optional"]


def test_at_the_checkout_the_title_is_needed_for_an_invoice_only():
    plain = CheckoutForm({"note": "", "invoice_kind": ""})
    asked = CheckoutForm({"note": "", "invoice_kind": "personal"})

    assert plain.is_valid()
    assert list(asked.errors) == ["invoice_title"]
    assert not asked.fields["invoice_title"].required


def test_what_is_missing_is_said_once():
    form = InvoiceForm({"invoice_kind": "personal"})

    assert len(form.errors["invoice_title"]) == 1


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
