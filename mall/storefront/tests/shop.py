"""A small shop for the tests of the pages: goods on the shelf, shoppers at the door."""

from __future__ import annotations

from typing import Any

from django.test import Client

from catalog.models import Product
from catalog.testing import make_product
from inventory.testing import make_stock
from mall.kernel import clock
from members.models import Member
from members.testing import PASSWORD, make_address, make_member
from orders.services import refresh_shelf
from promotions.models import HelpPage, HotWord

BACKEND = "members.backends.AccountBackend"


def make_goods(title_zh: str = "山茶花沐浴露", *, on_hand: int = 20, **values: Any) -> Product:
    """A product with stock of every SKU and its card on the shelf."""
    product = make_product(title_zh, **values)
    for sku in product.skus.all():
        make_stock(sku=sku, on_hand=on_hand)
    refresh_shelf(clock.now(), [product.pk])
    return product


def make_shopper(**values: Any) -> Member:
    """A member with a password and an address."""
    member = make_member(password=PASSWORD, **values)
    make_address(member=member)
    return member


def make_words() -> None:
    """Hot words and help pages, as a shop has them."""
    HotWord.objects.create(word_zh="降噪耳机", word_en="headphones")
    for slug in ("shipping", "returns", "contact", "privacy", "agreement"):
        HelpPage.objects.create(
            slug=slug, title_zh=f"帮助{slug}", title_en=f"Help {slug}", body_zh="一", body_en="one"
        )


def signed_in(member: Member, **defaults: Any) -> Client:
    """A browser in which the member has signed in."""
    client = Client(**defaults)
    client.force_login(member.account, backend=BACKEND)
    return client


def words(response: Any) -> list[str]:
    """What the messages of a page say."""
    return [str(message) for message in response.context["messages"]]


def checkout_form(page: Any, **changes: str) -> dict[str, str]:
    """The checkout's form as the page filled it, with changes of the shopper."""
    context = page.context
    form = {
        "token": context["token"],
        "quote_hash": context["quote"]["quote_hash"],
        "seen_fen": str(context["quote"]["payable_fen"]),
        "address_id": str(context["address"]["id"]) if context["address"] else "",
        "coupon": "none",
        **{
            group["field"]: str(group["chosen_id"] or "none")
            for group in context["grants"]["groups"]
        },
        "note": "",
        "invoice_kind": "",
        "do": "place",
        **{name: str(value) for name, value in context["kept"]},
    }
    return {**form, **changes}
