"""Statement budgets of the deal (performance.md, column "first sale"), and that they do not
grow."""

import pytest

from catalog.testing import make_product
from inventory.testing import make_stock
from mall.api.testing import ApiClient
from mall.kernel.testing.queries import count_queries
from members.services import earn_points
from members.testing import make_address, make_member
from orders.services import CartOwner, Wanted, add_line
from orders.testing import NOON, make_order, make_received_order, make_stocked_sku
from promotions.testing import make_grant, make_sale, make_threshold_off

pytestmark = pytest.mark.django_db

ADD_TO_CART, PLACE_ORDER, FROM_CART = 8, 14, 3
WHOLE_ORDER = {
    "first add": 8,
    "second add": 8,
    "quote": 7,
    "place": 16,
    "pay": 9,
    "notice": 7,
}
"""55 in all: performance.md asks for 60. An order that takes of a sale costs 1 more to place, one
with a coupon 1 more in the notice."""


@pytest.fixture
def shopper():
    member = make_member()
    make_address(member=member)
    return member


@pytest.fixture
def offers(shopper):
    make_threshold_off()
    make_sale(prices={make_stocked_sku().pk: 100})
    earn_points(member_id=shopper.pk, points=5_000, source_type="test", source_id="1", at=NOON)


def test_a_guests_first_add_to_cart():
    sku = make_stocked_sku()
    client = ApiClient()

    with count_queries(at_most=ADD_TO_CART):
        answer = client.post_json("cart/lines/", {"sku_id": sku.pk, "quantity": 1})

    assert answer.status_code == 201


def test_a_members_add_to_a_cart_of_fifty_lines(shopper):
    for _n in range(50):
        add_line(owner=CartOwner(shopper.pk), sku_id=make_stocked_sku().pk, quantity=1, at=NOON)
    client, sku = ApiClient.of(shopper), make_stocked_sku()

    with count_queries(at_most=ADD_TO_CART):
        answer = client.post_json("cart/lines/", {"sku_id": sku.pk, "quantity": 1})

    assert len(answer.json()["lines"]) == 51


def place(member, skus, *, from_cart=False, at_most=PLACE_ORDER, **spending):
    """Place one order of these SKUs; returns how many statements that took."""
    client = ApiClient.of(member)
    body = {"address_id": member.addresses.get().pk, **spending}
    if from_cart:
        for sku in skus:
            add_line(owner=CartOwner(member.pk), sku_id=sku.pk, quantity=1, at=NOON)
        body["cart"] = True
    else:
        body["lines"] = [{"sku_id": sku.pk, "quantity": 1} for sku in skus]
    body["quote_hash"] = client.post_json("checkout/quote/", body).json()["quote_hash"]
    with count_queries(at_most=at_most) as statements:
        answer = client.post_json("orders/", body, key=f"key-{len(skus)}-{from_cart}")
    assert answer.status_code == 201, answer.content
    assert answer.json()["discount_fen"] > 0
    return len(statements)


def stocked_skus(count, price_fen=40_000):
    """SKUs with options, dear enough for the threshold offer: the longest way through pricing."""
    skus = [make_product(price_fen=price_fen, skus=2).skus.first() for _n in range(count)]
    for sku in skus:
        make_stock(sku=sku, on_hand=5)
    return skus


@pytest.mark.parametrize("from_cart", [False, True])
def test_placing_an_order_costs_the_same_for_one_line_and_for_twenty(shopper, offers, from_cart):
    at_most = PLACE_ORDER + FROM_CART * from_cart
    one = place(shopper, stocked_skus(1), from_cart=from_cart, at_most=at_most)
    twenty = place(shopper, stocked_skus(20), from_cart=from_cart, at_most=at_most)

    assert one == twenty


def test_a_coupon_and_points_cost_seven_statements_more(shopper, offers):
    plain = place(shopper, stocked_skus(1))
    grant = make_grant(member=shopper)

    spending = {"coupon_grant_ids": [grant.pk], "points": 1_000}
    rich = place(shopper, stocked_skus(2), at_most=PLACE_ORDER + 7, **spending)

    assert rich == plain + 7


def statements_of(client, path):
    with count_queries() as statements:
        answer = client.get_json(path)
    assert answer.status_code == 200, answer.content
    return len(statements)


def test_a_cart_of_fifty_lines_costs_what_one_of_two_costs(shopper, offers):
    client = ApiClient.of(shopper)

    def cost(lines):
        for _n in range(lines):
            sku = make_stocked_sku()
            add_line(owner=CartOwner(shopper.pk), sku_id=sku.pk, quantity=1, at=NOON)
        return statements_of(client, "cart/")

    assert cost(2) == cost(48) <= 12


def test_a_list_of_fifty_orders_costs_what_one_of_two_costs(shopper):
    client = ApiClient.of(shopper)
    sku = make_stocked_sku(on_hand=100)

    def cost(orders):
        for _n in range(orders):
            make_received_order(member=shopper, sku=sku)
        return statements_of(client, "orders/?page_size=100")

    assert cost(2) == cost(48) <= 12


def test_an_order_of_fifty_lines_costs_what_one_of_two_costs(shopper, offers):
    client = ApiClient.of(shopper)

    def cost(lines):
        wanted = tuple(Wanted(make_stocked_sku().pk, 1) for _n in range(lines))
        order = make_order(member=shopper, wanted=wanted, paid=True)
        return statements_of(client, f"orders/{order.number}/")

    assert cost(2) == cost(50) <= 12


class Buying:
    """One shopper's way from the cart to the provider's notice, with the statements of each
    request."""

    def __init__(self, shopper):
        self.shopper, self.client = shopper, ApiClient.of(shopper)
        self.statements = {}

    def count(self, name, path, body, key=None):
        with count_queries() as self.statements[name]:
            answer = self.client.post_json(path, body, key=key)
        assert answer.status_code in (200, 201), answer.content
        return answer.json()

    def add(self, name, sku):
        self.count(name, "cart/lines/", {"sku_id": sku.pk, "quantity": 1})

    def order(self, key):
        body = {"cart": True, "address_id": self.shopper.addresses.get().pk}
        body["quote_hash"] = self.count("quote", "checkout/quote/", body)["quote_hash"]
        order = self.count("place", "orders/", body, key)
        way = {"provider": "sandbox", "scene": "sandbox"}
        payment = self.count("pay", f"orders/{order['number']}/pay/", way, f"pay-{key}")
        paid, done = payment["action"]["url"], {"result": "success"}
        with count_queries() as self.statements["notice"]:
            said = self.client.post(paid, done, "application/json")
        assert said.json() == {"notice_sent": True}

    def costs(self):
        return {name: len(statements) for name, statements in self.statements.items()}


def test_a_whole_order_from_two_cart_adds_to_the_notice(shopper, offers):
    """Every request that the shopper or the provider makes, in order."""
    buying, skus = Buying(shopper), stocked_skus(2)
    for name, sku in zip(("first add", "second add"), skus, strict=True):
        buying.add(name, sku)
    buying.order("key-1")

    assert {
        name: str(statements)
        for name, statements in buying.statements.items()
        if len(statements) > WHOLE_ORDER[name]
    } == {}
    assert sum(WHOLE_ORDER.values()) <= 60


def test_twenty_lines_are_bought_in_as_many_statements_as_one(shopper, offers):
    def costs(lines, key):
        buying = Buying(shopper)
        for sku in stocked_skus(lines, price_fen=24_000):  # all of them: no big amount to look at
            buying.add("add", sku)
        buying.order(key)
        return buying.costs()

    assert costs(1, "key-1") == costs(20, "key-2")
