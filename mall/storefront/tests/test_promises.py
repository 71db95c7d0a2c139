"""A product's page promises what operators wrote and what figures stand behind (X-03, O-54)."""

import pytest
from django.test import Client

from catalog.errors import TextsRefused
from catalog.models import ProductCertificate
from mall.kernel import clock
from mall.storefront.tests.shop import make_goods
from mall.storefront.tests.test_content import arrange, block
from members.testing import make_operator
from promotions.models import ShopPromise
from promotions.services import save_promise

pytestmark = pytest.mark.django_db


def shown(product, **params):
    context = Client().get(f"/product/{product.pk}/", params).context
    return [row["title"] for row in context["highlights"]], context["services"]


def on_home():
    """The block of promises as the front page shows it."""
    arrange(block("promises"))
    (found,) = [one for one in Client().get("/").context["blocks"] if one["kind"] == "promises"]
    return found["items"]


def promised(title="七日无忧", **values):
    row = ShopPromise(title_zh=title, title_en="Seven days", icon="gift", **values)
    save_promise(row=row, changed=["title_zh"], at=clock.now(), actor=make_operator())
    return row


def test_without_papers_and_promises_only_what_the_house_does_is_said():
    page = Client().get(f"/en/product/{make_goods('茶').pk}/")

    icons = [row["icon"] for row in page.context["highlights"] if row["icon"] != "truck"]
    assert icons == ["receipt", "back7"]
    assert page.context["services"][:2] == ["Refunds to the fen", "Invoice on request"]
    assert [row["icon"] for row in on_home()] == ["receipt", "refund", "box"]


def test_what_operators_promise_leads_every_product_and_the_block_of_promises():
    promised(line_zh="收到后七天内可退")
    product = make_goods("茶")

    titles, services = shown(product)

    assert (titles[0], services[0]) == ("七日无忧", "七日无忧")
    assert len(titles) == 3
    assert on_home()[0]["line"] == "收到后七天内可退"
    assert Client().get(f"/en/product/{product.pk}/").context["services"][0] == "Seven days"


def test_a_promise_that_is_switched_off_or_forbidden_is_not_made():
    row = promised()
    row.is_active = False
    save_promise(row=row, changed=["is_active"], at=clock.now(), actor=make_operator())

    with pytest.raises(TextsRefused):
        promised("国家级品质")

    assert "七日无忧" not in shown(make_goods("茶"))[1]
    assert ShopPromise.objects.count() == 1


def test_valid_papers_of_the_goods_are_counted():
    product = make_goods("茶")
    today = clock.day_of(clock.now())
    ProductCertificate.objects.create(
        product=product, kind="report", number="A1", agency_zh="中检", file="a.pdf",
        starts_on=today, expires_on=None,
    )  # fmt: skip

    services = shown(product)[1]

    assert any("1" in words for words in services)
