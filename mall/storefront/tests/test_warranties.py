"""今日下单送延保 where one buys and where one looks. Source: O-30."""

from datetime import timedelta

import pytest

from mall.kernel import clock
from mall.kernel.outbox import relay_batch
from mall.storefront.tests.shop import make_shopper, signed_in
from orders.testing import make_order, make_stocked_sku, make_warranty_rule

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["", "/en"])
def test_O_30_product_checkout_and_order_pages_say_it(language):
    at = clock.now()
    make_warranty_rule(starts_at=at - timedelta(hours=1), ends_at=at + timedelta(days=2))
    member, sku = make_shopper(), make_stocked_sku()
    browser = signed_in(member)

    product = browser.get(f"{language}/product/{sku.product_id}/")
    checkout = browser.get(f"{language}/checkout/", {"sku_id": sku.pk, "quantity": 1})
    order = make_order(member=member, sku=sku, paid=True, at=at)
    relay_batch(clock.now())
    bought = browser.get(f"{language}/orders/{order.number}/").content.decode()

    said = [product.context["services"][-1], checkout.context["assurances"][-2]["title"]]
    assert ["12" in words for words in said] == [True, True]
    assert said[0] in product.content.decode()
    assert said[1] in checkout.content.decode()
    if language:
        assert said[1] == "12 months of warranty on top"
    assert ("Longer warranty" if language else "今日下单送延保") in bought
