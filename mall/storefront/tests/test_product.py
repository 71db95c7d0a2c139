"""The product page: which SKU is meant, how its price is made, what it costs to show."""

from datetime import timedelta

import pytest
from django.test import Client

from catalog.services import OptionPlan, ValuePlan, build_skus, save_product, take_off_sale
from catalog.testing import AT, make_product
from inventory.testing import make_stock
from mall.kernel import clock
from mall.kernel.testing.queries import count_queries
from mall.storefront.tests.shop import make_goods, make_shopper, make_words, signed_in
from members.testing import make_operator
from orders.models import AfterSalePolicy
from orders.services import refresh_shelf, write_review
from orders.testing import make_order, make_received_order
from promotions.testing import make_coupon, make_grant, make_sale, make_threshold_off

pytestmark = pytest.mark.django_db
SCENT = OptionPlan(
    "scent", "香型", [ValuePlan("c", "山茶花", "Camellia"), ValuePlan("t", "白茶", "Tea")], "Scent"
)
SIZE = OptionPlan(
    "size", "规格", [ValuePlan("s", "500ml", "500ml"), ValuePlan("l", "1L", "1L")], "Size"
)


@pytest.fixture
def wash():
    """Two axes; the large white tea is sold out."""
    product = make_product()
    product.skus.update(is_active=False)
    build_skus(product=product, options=[SCENT, SIZE], price_fen=6_600, list_price_fen=7_900, at=AT)
    for sku in product.skus.filter(is_active=True):
        on_hand = 0 if sku.options == {"scent": "t", "size": "l"} else 8
        make_stock(sku=sku, on_hand=on_hand)
    refresh_shelf(clock.now(), [product.pk])
    return product


def _sku(product, scent, size):
    return product.skus.get(options={"scent": scent, "size": size})


def test_the_first_sku_that_is_there_is_chosen(client, wash):
    page = client.get(f"/product/{wash.pk}/")

    assert page.context["picker"]["sku"]["id"] == _sku(wash, "c", "s").pk
    assert page.context["most"] == 8


def test_a_sku_is_chosen_by_its_address(client, wash):
    wanted = _sku(wash, "t", "s")

    page = client.get(f"/product/{wash.pk}/", {"sku": wanted.pk})

    assert page.context["picker"]["sku"]["id"] == wanted.pk
    chosen = [
        value["value"]
        for group in page.context["picker"]["groups"]
        for value in group["values"]
        if value["chosen"]
    ]
    assert chosen == ["白茶", "500ml"]


def test_without_script_the_options_of_the_form_choose_the_sku(client, wash):
    query = {"option_0": "山茶花", "option_1": "1L", "quantity": "1"}

    page = client.get(f"/product/{wash.pk}/", query)

    assert page.context["picker"]["sku"]["id"] == _sku(wash, "c", "l").pk


def test_what_is_sold_out_with_the_other_choice_is_marked(client, wash):
    page = client.get(f"/product/{wash.pk}/", {"sku": _sku(wash, "t", "s").pk})

    sizes = page.context["picker"]["groups"][1]["values"]
    assert [(value["value"], value["state"]) for value in sizes] == [
        ("500ml", "on"),
        ("1L", "sold_out"),
    ]


def test_options_that_pick_nothing_cannot_be_bought(client, wash):
    page = client.get(f"/product/{wash.pk}/", {"option_0": "山茶花", "option_1": "9L"})

    assert page.status_code == 200
    assert page.context["picker"]["sku"]["available"] == 0
    assert page.context["quote"] is None
    assert page.content.decode().count(" disabled>") >= 2


def test_the_receipt_names_every_step_from_list_price_to_what_is_paid(wash):
    member = make_shopper(tier="gold")
    sku = _sku(wash, "c", "s")
    make_sale(prices={sku.pk: 6_000})
    make_grant(member=member, coupon=make_coupon(off_fen=500), at=clock.now())

    page = signed_in(member).get(f"/en/product/{wash.pk}/")

    quote = page.context["quote"]
    steps = [(step["lane"], step["amount_fen"]) for step in quote["lines"][0]["steps"]]
    assert steps == [
        ("unit_price", 1_300),
        ("unit_price", 600),
        ("tier_rate", 300),
        ("coupon", 500),
    ]
    assert quote["lines"][0]["payable_fen"] == 7_900 - 1_300 - 600 - 300 - 500
    assert page.context["picker"]["sku"]["price_fen"] == 6_000


def test_a_guest_sees_the_price_without_a_tier_and_is_asked_to_sign_in(client, wash):
    page = client.get(f"/en/product/{wash.pk}/")

    assert page.context["quote"]["lines"][0]["payable_fen"] == 6_600
    assert f"/en/login/?next=/en/product/{wash.pk}/" in page.content.decode()


def test_a_running_sale_shows_its_clock_and_a_long_one_does_not(client):
    short, long = make_goods("短"), make_goods("长")
    now = clock.now()
    make_sale(prices={short.skus.get().pk: 9_000}, ends_at=now + timedelta(days=2))
    make_sale(prices={long.skus.get().pk: 9_000}, ends_at=now + timedelta(days=400))
    refresh_shelf(now, [short.pk, long.pk])

    assert client.get(f"/product/{short.pk}/").context["deal"]["ends_at"] == now + timedelta(days=2)
    assert client.get(f"/product/{long.pk}/").context["deal"] is None


def test_offers_of_the_product_are_named(client):
    make_threshold_off()
    product = make_goods()

    page = client.get(f"/en/product/{product.pk}/")

    assert [offer["label"] for offer in page.context["product"]["offers"]] == ["¥50 off ¥300"]


def test_reviews_of_buyers_are_shown(client):
    product = make_goods()
    member = make_shopper(nickname="周舟")
    order = make_received_order(member=member, sku=product.skus.get())
    line = order.lines.get()
    write_review(
        member_id=member.pk, order_number=order.number, line_id=line.pk,
        rating=4, text="泡沫很细", is_anonymous=True, at=clock.now(),
    )  # fmt: skip

    page = client.get(f"/product/{product.pk}/")

    assert [(row["nickname"], row["text"]) for row in page.context["reviews"]] == [
        ("周***", "泡沫很细")
    ]
    assert page.context["product"]["rating"] == {"average_x10": 40, "count": 1}


@pytest.mark.parametrize("path", ["/product/0/", "/product/999999999999999999/", "/product/-1/"])
def test_a_product_that_is_not_there_is_a_404(client, path):
    assert client.get(path).status_code == 404


def test_a_product_off_sale_is_gone(client):
    product = make_goods()
    take_off_sale(product=product, at=clock.now())

    assert client.get(f"/product/{product.pk}/").status_code == 404


def test_a_heart_is_kept_and_let_go(client):
    product = make_goods("心头好")
    member = make_shopper()
    browser = signed_in(member)

    browser.post(f"/product/{product.pk}/favourite/")
    assert browser.get(f"/product/{product.pk}/").context["favourite"]
    assert [card["name"] for card in browser.get("/me/favourites/").context["cards"]] == ["心头好"]

    browser.post(f"/product/{product.pk}/favourite/")
    assert browser.get("/me/favourites/").context["cards"] == []


def test_a_guest_who_likes_something_is_asked_to_sign_in_and_comes_back(client):
    product = make_goods()

    answer = client.post(
        f"/product/{product.pk}/favourite/",
        headers={"Referer": f"http://testserver/product/{product.pk}/"},
    )

    assert answer.url == f"/login/?next=%2Fproduct%2F{product.pk}%2F"


def test_an_operator_browses_like_a_guest():
    product = make_goods()
    browser = Client()
    browser.force_login(make_operator(), backend="members.backends.AccountBackend")

    page = browser.get(f"/product/{product.pk}/")

    assert page.status_code == 200
    assert page.context["shell"]["member"] is None


@pytest.mark.parametrize("rows", [2, 50])
def test_a_product_takes_at_most_twelve_statements(rows):
    make_words()
    product = make_goods(skus=rows)
    make_goods(category=product.category)
    member = make_shopper(tier="silver")
    order = make_received_order(member=member, sku=product.skus.first())
    write_review(
        member_id=member.pk, order_number=order.number, line_id=order.lines.get().pk,
        rating=5, text="好", at=clock.now(),
    )  # fmt: skip
    make_grant(member=member, at=clock.now())

    for browser in (Client(), signed_in(member)):
        with count_queries(at_most=12):
            page = browser.get(f"/product/{product.pk}/")
        assert page.context["related"]
        assert page.context["reviews"]


def test_O_44_the_page_says_how_long_these_goods_may_come_back(client):
    usual, sealed = make_goods("茶"), make_goods("内衣")
    AfterSalePolicy.objects.create(
        category=sealed.category.parent,
        no_reason_days=0,
        quality_days=15,
        exchange_days=0,
        note_zh="拆封不退。",
        note_en="Opened, it stays with you.",
    )

    shown = [client.get(f"/en/product/{goods.pk}/") for goods in (usual, sealed)]

    assert [page.context["returns"] for page in shown] == [
        {
            "title": "7-day returns, no reason asked",
            "line": "Faults within 30 days, exchanges within 15",
            "note": "",
        },
        {
            "title": "Returns for faults",
            "line": "Faults within 15 days, exchanges only for faults",
            "note": "Opened, it stays with you.",
        },
    ]
    for page in shown:
        assert all(words in page.content.decode() for words in page.context["returns"].values())


def test_O_44_what_never_comes_back_promises_nothing_for_faults(client):
    goods = make_goods("茶")
    AfterSalePolicy.objects.create(
        category=goods.category.parent, no_reason_days=0, quality_days=0, exchange_days=0
    )

    shown = client.get(f"/en/product/{goods.pk}/").context["returns"]

    assert (shown["title"], shown["line"]) == ("No returns", "No exchanges")


def test_the_days_of_returns_are_read_once_a_minute(client):
    product = make_goods()
    client.get(f"/product/{product.pk}/")

    with count_queries() as again:
        client.get(f"/product/{product.pk}/")

    assert "aftersalepolicy" not in str(again)


@pytest.mark.parametrize(("on_hand", "note"), [(5, "Only 5 left"), (11, "In stock")])
def test_P_21_few_pieces_are_named_many_are_not(client, on_hand, note):
    product = make_goods(on_hand=on_hand)

    page = client.get(f"/en/product/{product.pk}/")

    assert page.context["shelf_note"] == note


def test_C_02_off_sale_page_and_answer_are_404_and_the_order_keeps_its_snapshot(client):
    product, member = make_goods("桂花乌龙", price_fen=8_800), make_shopper()
    order = make_order(member=member, sku=product.skus.get(), at=clock.now())
    save_product(product=product, values={"title_zh": "改了名"}, at=clock.now())

    take_off_sale(product=product, at=clock.now())

    for path in (f"/product/{product.pk}/", f"/api/v1/catalog/products/{product.pk}/"):
        assert client.get(path).status_code == 404, path
    text = signed_in(member).get(f"/orders/{order.number}/").content.decode()
    assert "桂花乌龙" in text
    assert "改了名" not in text
    assert "88.00" in text


def test_a_product_none_of_whose_skus_is_offered_has_a_page_without_activities():
    product = make_product()
    product.skus.update(is_active=False)

    page = Client().get(f"/product/{product.pk}/")

    assert page.status_code == 200
    assert page.context["activities"] == []
    assert page.context["quote"] is None
