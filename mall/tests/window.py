"""A shop that has something on every page, and a member who walks through it in a browser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.test import Client

from catalog.services import keep_favourite, publish_product
from mall.kernel import clock
from mall.storefront.tests.sale import Sale, open_shop
from mall.storefront.tests.shop import signed_in
from mall.storefront.tests.test_content import block, make_topic, words
from members.models import Member
from members.testing import make_address, make_member
from orders.services import CartOwner, Submission, Wanted, add_line, place_order, refresh_shelf
from orders.testing import make_received_order
from promotions.models import ContentPage

PHONE = "13987654321"


@dataclass
class World:
    """A shop with an order, and who made it."""

    sale: Sale
    member: Member
    client: Client
    number: str

    def pages(self) -> dict[str, str]:
        """What shoppers see most, by its name; the order of a visit."""
        return {
            "home": "/",
            "categories": "/categories/",
            "category": "/category/beauty/",
            "search": "/search/?q=龙井",
            "search-nothing": "/search/?q=没有这样的东西",
            "product": f"/product/{self.sale.wash.pk}/",
            "cart": "/cart/",
            "checkout": "/checkout/",
            "cashier": f"/orders/{self.number}/pay/",
            "orders": "/orders/",
            "order": f"/orders/{self.number}/",
            "me": "/me/",
            "my-coupons": "/me/coupons/",
            "coupons": "/coupons/",
            "help": "/help/shipping/",
            "not-found": "/nowhere/",
        }

    def further_pages(self) -> dict[str, str]:
        """What they see now and then; what these pages show is made here."""
        at, tea = clock.now(), self.sale.tea
        keep_favourite(account=self.member.account, product_id=tea.pk, at=at)
        bought = make_received_order(member=self.member, sku=tea.skus.get(), at=at)
        line = bought.lines.get()
        return {
            "topic": f"/topic/{make_tea_topic(self.sale).slug}/",
            "flash": "/flash/",
            "help-index": "/help/",
            "favourites": "/me/favourites/",
            "history": "/me/history/",
            "points": "/me/points/",
            "wallet": "/me/wallet/",
            "addresses": "/me/addresses/",
            "address-form": "/me/addresses/new/",
            "received": f"/orders/{bought.number}/",
            "after-sale-form": f"/orders/{bought.number}/after-sales/new/",
            "review-form": f"/orders/{bought.number}/lines/{line.pk}/review/",
        }


def make_tea_topic(sale: Sale) -> ContentPage:
    """A topic in two languages: a countdown, goods, coupons, words."""
    until = (clock.now() + timedelta(days=3)).isoformat()
    return make_topic(
        "tea",
        block("countdown", title=words("新茶到店", "New tea arrives"), target_at=until),
        block("products", products=[sale.tea.pk, sale.wash.pk], title=words("好茶", "Good tea")),
        block("coupons"),
        block("text", body=words("慢慢喝，慢慢逛。", "Drink slowly, look around slowly.")),
    )


def open_world() -> World:
    """The shop of the first sale, a member with an order, and one thing in the cart."""
    sale, at = open_shop(), clock.now()
    publish_product(product=sale.tea, at=at)
    refresh_shelf(at, [sale.tea.pk])
    member = make_member(phone=PHONE, tier="gold", points=2_000, nickname="林小满")
    address = make_address(member=member)
    sku = sale.tea.skus.get()
    order = place_order(
        member_id=member.pk,
        submission=Submission(address_id=address.pk, wanted=(Wanted(sku.pk, 1),)),
        at=at,
    )
    wash = sale.wash.skus.filter(is_active=True)[0]
    add_line(owner=CartOwner(member_id=member.pk), sku_id=wash.pk, quantity=1, at=at)
    return World(sale, member, signed_in(member), order.number)
