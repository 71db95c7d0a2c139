"""The cart of guests and members: in, more, fewer, out, back; what is refused changes nothing."""

import pytest
from django.test import Client

from catalog.services import set_sku_prices, take_off_sale
from inventory.models import StockItem
from mall.kernel import clock
from mall.kernel.testing.queries import count_queries
from mall.storefront.tests.shop import make_goods, make_shopper, make_words, signed_in, words
from members.testing import PASSWORD
from orders.models import Cart, CartLine
from promotions.testing import make_threshold_off

pytestmark = pytest.mark.django_db


def _add(client, sku, quantity="1", **more):
    return client.post("/cart/add/", {"sku_id": sku.pk, "quantity": quantity, **more})


def _cart(client):
    return client.get("/cart/").context["cart"]


def _lines(client):
    return [line for group in _cart(client)["groups"] for line in group["lines"]]


def test_an_empty_cart_leads_back_to_the_shelf(client):
    make_goods("热卖")

    page = client.get("/cart/")

    assert page.context["cart"]["groups"] == []
    assert [card["name"] for card in page.context["recommended"]] == ["热卖"]
    assert "/search/?ordering=newest" in page.content.decode()


def test_an_empty_cart_asks_a_guest_in_and_a_member_not_again(client):
    way_in = 'href="/login/?next=/cart/"'

    assert way_in in client.get("/cart/").content.decode()
    assert way_in not in signed_in(make_shopper()).get("/cart/").content.decode()


def test_a_guest_gets_a_cart_behind_a_cookie_that_scripts_cannot_read(client):
    sku = make_goods().skus.get()

    answer = _add(client, sku, "2")

    cookie = answer.cookies["cart"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert len(cookie.value) >= 40
    assert CartLine.objects.get().quantity == 2
    assert cookie.value not in str(Cart.objects.get().token_hash)
    assert [line["sku_id"] for line in _lines(client)] == [sku.pk]


def test_another_browser_does_not_see_that_cart(client):
    _add(client, make_goods().skus.get())

    assert _cart(Client())["groups"] == []


def test_adding_again_adds_up_and_the_badge_counts_pieces(client):
    sku = make_goods().skus.get()
    _add(client, sku, "2")

    _add(client, sku, "3")

    assert [line["quantity"] for line in _lines(client)] == [5]
    assert client.get("/").context["shell"]["cart_count"] == 5


def test_the_options_of_a_form_without_script_pick_the_sku(client):
    product = make_goods(skus=3)

    client.post("/cart/add/", {"product_id": product.pk, "option_0": "2号", "quantity": "1"})

    assert CartLine.objects.get().sku == product.skus.get(options={"size": "s2"})


def test_options_that_pick_nothing_are_refused_with_a_sentence(client):
    product = make_goods(skus=2)
    page = f"http://testserver/product/{product.pk}/"

    answer = client.post(
        "/en/cart/add/",
        {"product_id": product.pk, "option_0": "Size 9", "quantity": "1"},
        headers={"Referer": page},
    )

    assert answer.url == f"/product/{product.pk}/"
    assert words(client.get(answer.url)) == ["Please choose one of the offered combinations."]
    assert not CartLine.objects.exists()


@pytest.mark.parametrize(
    "quantity", ["0", "-1", "1.5", "１２", "1e9", "1000", "99999999999999999999", "", "two", "١"]
)
def test_a_quantity_that_is_none_changes_nothing(client, quantity):
    sku = make_goods().skus.get()

    answer = _add(client, sku, quantity)

    assert answer.status_code == 302
    assert words(client.get(answer.url))
    assert not CartLine.objects.exists()


@pytest.mark.parametrize("sku_id", ["0", "-1", "abc", "999999999999999999999", "1 OR 1=1", "\x00"])
def test_a_sku_that_is_none_changes_nothing(client, sku_id):
    answer = client.post("/cart/add/", {"sku_id": sku_id, "quantity": "1"})

    assert answer.status_code == 302
    assert not Cart.objects.exists()


def test_an_unknown_sku_is_a_404(client):
    assert client.post("/cart/add/", {"sku_id": "987654", "quantity": "1"}).status_code == 404


def test_more_than_the_stock_is_refused_on_the_page_it_was_asked_on(client):
    product = make_goods(on_hand=3)

    answer = client.post(
        "/en/cart/add/",
        {"sku_id": product.skus.get().pk, "quantity": "4"},
        headers={"Referer": f"http://testserver/en/product/{product.pk}/"},
    )

    assert answer.url == f"/en/product/{product.pk}/"
    assert words(client.get(answer.url)) == ["There are only 3 left."]
    assert not CartLine.objects.exists()


def test_buying_now_goes_to_the_checkout_and_leaves_the_cart_alone(client):
    sku = make_goods().skus.get()

    answer = _add(client, sku, "2", then="checkout")

    assert answer.url == f"/checkout/?sku_id={sku.pk}&quantity=2"
    assert not Cart.objects.exists()


@pytest.mark.parametrize(
    ("sent", "quantity"),
    [
        ({"do": "set", "quantity": "7"}, 7),
        ({"do": "plus", "quantity": "2"}, 3),
        ({"do": "minus", "quantity": "2"}, 1),
        ({"do": "minus", "quantity": "1"}, 1),
        ({"do": "set", "quantity": "0"}, 2),
        ({"do": "set", "quantity": "１"}, 2),
        ({"do": "set"}, 2),
        ({"do": "explode", "quantity": "3"}, 2),
        ({"do": "set", "quantity": "21"}, 2),
    ],
)
def test_a_line_is_set_counted_up_and_down(client, sent, quantity):
    _add(client, make_goods(on_hand=20).skus.get(), "2")
    line = CartLine.objects.get()

    client.post(f"/cart/lines/{line.pk}/", sent, headers={"Referer": "http://testserver/cart/"})

    line.refresh_from_db()
    assert line.quantity == quantity


def test_lines_are_selected_one_by_one_and_all_at_once(client):
    first, second = make_goods().skus.get(), make_goods().skus.get()
    _add(client, first)
    _add(client, second)
    line = CartLine.objects.get(sku=first)

    client.post(f"/cart/lines/{line.pk}/", {"do": "deselect"})
    assert len(_cart(client)["quote"]["lines"]) == 1
    assert not _cart(client)["all_selected"]

    client.post("/cart/selection/", {"all": "true"})
    assert _cart(client)["all_selected"]

    client.post("/cart/selection/", {"all": "false"})
    assert _cart(client)["quote"]["lines"] == []


def test_a_removed_line_can_be_put_back(client):
    sku = make_goods("山茶花").skus.get()
    _add(client, sku, "3")

    answer = client.post(f"/cart/lines/{CartLine.objects.get().pk}/", {"do": "remove"})
    page = client.get(answer.url)

    assert not CartLine.objects.exists()
    undo = page.context["undo"]
    assert "山茶花" in undo["text"]
    back = client.post(undo["url"], undo["fields"])
    assert back.url == "/cart/"
    assert CartLine.objects.get().quantity == 3


@pytest.mark.parametrize(
    "query", ["removed=1&pieces=0", "removed=x&pieces=1", "removed=77&pieces=1"]
)
def test_an_invented_removal_offers_nothing_to_undo(client, query):
    assert client.get(f"/cart/?{query}").context["undo"] is None


def test_another_cart_s_line_is_a_404(client):
    _add(client, make_goods().skus.get())
    line = CartLine.objects.get()

    stranger = signed_in(make_shopper())

    assert stranger.post(f"/cart/lines/{line.pk}/", {"do": "remove"}).status_code == 404
    assert CartLine.objects.filter(pk=line.pk).exists()


def test_what_cannot_be_bought_any_more_stands_apart_with_its_reason(client):
    gone, sold, kept = make_goods("下架"), make_goods("售罄"), make_goods("还在")
    for product in (gone, sold, kept):
        _add(client, product.skus.get())
    take_off_sale(product=gone, at=clock.now())
    StockItem.objects.filter(sku__product=sold).update(on_hand=0)

    cart = _cart(client)

    dead = {line["product"]["id"]: line["invalid"] for line in cart["dead_lines"]}
    assert dead == {gone.pk: "off_shelf", sold.pk: "sold_out"}
    assert [line["product"]["id"] for line in _lines(client)] == [kept.pk]
    assert len(cart["quote"]["lines"]) == 1


def test_too_many_pieces_are_marked_and_left_out_of_the_price(client):
    product = make_goods(on_hand=9)
    _add(client, product.skus.get(), "9")
    StockItem.objects.update(on_hand=4)

    line = _lines(client)[0]

    assert line["notice"]
    assert line["priced"] is None
    assert line["most"] == 4


def test_a_price_that_moved_since_is_told(client):
    sku = make_goods(price_fen=5_000).skus.get()
    _add(client, sku)
    set_sku_prices(prices={sku.pk: (4_000, 5_000)}, at=clock.now())

    line = _lines(client)[0]

    assert (line["price_drop_fen"], line["price_rise_fen"]) == (1_000, 0)


def test_lines_that_reached_an_offer_together_stand_under_it(client):
    make_threshold_off(steps=((20_000, 3_000), (90_000, 9_000)))
    for _n in range(2):
        _add(client, make_goods(price_fen=12_000).skus.get())

    page = client.get("/en/cart/")

    group = page.context["cart"]["groups"][0]
    assert len(group["lines"]) == 2
    assert group["rule"]["text"] == "Reached: ¥30.00 off"
    assert page.context["near"]["missing_fen"] == 66_000


def test_the_cart_of_a_guest_comes_along_at_sign_in(client):
    member = make_shopper()
    sku, other = make_goods().skus.get(), make_goods().skus.get()
    _add(signed_in(member), sku, "1")
    _add(client, sku, "2")
    _add(client, other, "1")

    answer = client.post(
        "/login/",
        {"by": "password", "phone": member.account.phone, "password": PASSWORD, "next": "/cart/"},
    )

    assert answer.url == "/cart/"
    assert answer.cookies["cart"].value == ""
    quantities = {line["sku_id"]: line["quantity"] for line in _lines(client)}
    assert quantities == {sku.pk: 3, other.pk: 1}
    assert Cart.objects.count() == 1


def test_a_forged_cart_cookie_opens_nothing_and_breaks_nothing(client):
    client.cookies["cart"] = "\xff%00'; drop"
    sku = make_goods().skus.get()

    assert client.get("/cart/").context["cart"]["pieces"] == 0
    _add(client, sku)

    assert _cart(client)["pieces"] == 1


def test_forms_without_the_csrf_token_are_refused():
    client = Client(enforce_csrf_checks=True)
    sku = make_goods().skus.get()

    answer = _add(client, sku)

    assert answer.status_code == 403
    assert "403_csrf.html" in [template.name for template in answer.templates]
    assert not Cart.objects.exists()


@pytest.mark.parametrize("path", ["/cart/add/", "/cart/selection/", "/cart/lines/1/"])
def test_a_deed_is_never_done_by_a_link(client, path):
    assert client.get(path).status_code == 405


def test_O_52_the_cart_says_when_the_goods_come_to_a_known_address():
    sku = make_goods().skus.get()
    member, guest = signed_in(make_shopper()), Client()
    for browser in (member, guest):
        _add(browser, sku)

    page = member.get("/en/cart/")

    arrival = page.context["arrival"]
    assert arrival["text"] in page.content.decode()
    assert guest.get("/en/cart/").context["arrival"] is None


# ---------- what it costs ----------


@pytest.mark.parametrize("who", ["guest", "member"])
def test_adding_takes_at_most_twelve_statements(who):
    make_words()
    sku, more = make_goods().skus.get(), make_goods(skus=5)
    browser = Client() if who == "guest" else signed_in(make_shopper())

    for sent in (
        {"sku_id": sku.pk, "quantity": "1"},
        {"sku_id": sku.pk, "quantity": "1"},
        {"product_id": more.pk, "option_0": "2号", "quantity": "1"},
    ):
        with count_queries(at_most=12):
            assert browser.post("/cart/add/", sent).status_code == 302


def test_a_cart_costs_the_same_for_two_lines_and_for_fifty(client):
    make_words()
    first, second, *others = make_goods(skus=50).skus.all()
    _add(client, first)
    _add(client, second)
    client.get("/cart/")
    with count_queries() as two:
        client.get("/cart/")

    for sku in others:
        _add(client, sku)
    with count_queries() as fifty:
        assert len(_lines(client)) == 50

    assert len(fifty) == len(two), str(fifty)
