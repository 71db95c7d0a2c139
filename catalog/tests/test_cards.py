"""Lists of cards: filters, orderings, pages, price windows, and what they cost."""

from datetime import timedelta

import pytest
from django.http import QueryDict

from catalog.models import ShelfCard
from catalog.paging import Cursor, read_page_size
from catalog.presenting import card
from catalog.selectors import CardFilters, cards_of, list_cards, read_filters
from catalog.services import CardRow, add_rating, add_sales, put_cards, take_off_sale
from catalog.testing import (
    AT,
    make_attribute,
    make_brand,
    make_category,
    make_product,
    make_root,
    shelve,
)
from mall.kernel.errors import InvalidInput

pytestmark = pytest.mark.django_db


def ids(page):
    return [row["product_id"] for row in page.rows]


def listed(query, **values):
    return ids(list_cards(read_filters(QueryDict(query)), at=AT, **values))


@pytest.fixture
def three():
    category = make_category()
    products = [
        make_product(price_fen=price, category=category, at=AT + timedelta(hours=hour))
        for hour, price in enumerate((3_000, 1_000, 2_000))
    ]
    add_sales({products[1].pk: 5, products[2].pk: 9})
    shelve(*products)
    return [product.pk for product in products]


def test_orderings(three):
    first, second, third = three

    assert listed("ordering=price") == [second, third, first]
    assert listed("ordering=-price") == [first, third, second]
    assert listed("ordering=newest") == [third, second, first]
    assert listed("ordering=sales") == listed("") == [third, second, first]


def test_a_category_lists_the_goods_of_all_below_it():
    root = make_root()
    middle = make_category(parent=root)
    leaf = make_category(parent=middle)
    inside, outside = make_product(category=leaf), make_product()
    shelve(inside, outside)

    for category in (root, middle, leaf):
        assert listed(f"category={category.slug}") == [inside.pk]
        assert listed(f"category={category.pk}") == [inside.pk]


def test_brand_price_and_stock_narrow_a_list(three):
    brand = make_brand()
    branded = make_product(brand=brand, price_fen=2_000)
    shelve(branded, in_stock=False)
    first, second, third = three

    assert listed(f"brand={brand.slug}") == [branded.pk]
    assert listed("price_min_fen=2000&price_max_fen=2999&ordering=price") == [third, branded.pk]
    assert listed("in_stock=true&ordering=price") == [second, third, first]
    assert listed("in_stock=false") == [branded.pk]


def test_attributes_narrow_by_code_by_either_word_and_by_several_values():
    category = make_category()
    choices = [
        {"code": "cotton", "zh": "纯棉", "en": "Cotton"},
        {"code": "wool", "zh": "羊毛", "en": "Wool"},
    ]
    make_attribute(category, code="material", kind="choice", choices=choices, is_searchable=True)
    cotton = make_product(category=category, attributes={"material": ("纯棉", "")})
    wool = make_product(category=category, attributes={"material": ("羊毛", "")})
    shelve(cotton, wool)

    assert listed("attr.material=cotton") == listed("attr.material=Cotton") == [cotton.pk]
    assert listed("attr.material=羊毛") == [wool.pk]
    assert set(listed("attr.material=羊毛&attr.material=纯棉")) == {cotton.pk, wool.pk}
    assert set(listed("attr.unknown=x")) == {cotton.pk, wool.pk}
    with pytest.raises(InvalidInput) as refusal:
        listed("attr.material=石头")
    assert refusal.value.facts["field"] == "attr.material"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("ordering=id", "ordering"),
        ("ordering=-cost,password", "ordering"),
        ("category=nowhere", "category"),
        ("category=99999999999", "category"),
        ("brand=%00", "brand"),
        ("price_min_fen=-1", "price_min_fen"),
        ("price_min_fen=1.5", "price_min_fen"),
        ("price_max_fen=%EF%BC%91", "price_max_fen"),
        ("price_max_fen=99999999999999999999", "price_max_fen"),
        ("in_stock=yes", "in_stock"),
        ("q=%00", "q"),
        ("q=" + "x" * 101, "q"),
    ],
)
def test_an_unknown_value_of_a_known_name_is_refused_by_name(query, field):
    with pytest.raises(InvalidInput) as refusal:
        read_filters(QueryDict(query))

    assert refusal.value.facts["field"] == field


def test_unknown_names_are_ignored(three):
    assert len(listed("user__password__startswith=x&_connector=OR 1=1&sort=id;DROP")) == 3


@pytest.mark.parametrize("ordering", ["sales", "newest", "price", "-price"])
def test_pages_hold_every_product_once_there_and_back(ordering):
    category = make_category()
    shelve(*[make_product(category=category, price_fen=price) for price in (1, 1, 2, 2, 2, 3, 4)])
    filters = CardFilters(ordering=ordering)
    everything = ids(list_cards(filters, at=AT))

    pages = [list_cards(filters, page_size=3, at=AT)]
    while pages[-1].next_cursor:
        pages.append(list_cards(filters, page_size=3, cursor=pages[-1].next_cursor, at=AT))
    back = [pages[-1]]
    while back[-1].previous_cursor:
        back.append(list_cards(filters, page_size=3, cursor=back[-1].previous_cursor, at=AT))

    assert [ids(page) for page in pages] == [everything[:3], everything[3:6], everything[6:]]
    assert [ids(page) for page in back] == [everything[6:], everything[3:6], everything[:3]]


@pytest.mark.parametrize("text", ["", "0", "101", "00001000", "-1", "１", "9" * 30])
def test_ATK_91_a_page_has_from_1_to_100_cards(text):
    with pytest.raises(InvalidInput):
        read_page_size(text)
    assert read_page_size("100") == 100


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "%%%",
        "é" * 10,
        "A" * 10_000,
        Cursor("price", (1, 2)).encode(),
        Cursor("sales", (1,)).encode(),
        Cursor("sales", ("1", 2)).encode(),
        Cursor("sales", (2**64, 2)).encode(),
        Cursor("sales", (True, 2)).encode(),
    ],
)
def test_a_cursor_that_this_list_did_not_give_out_is_refused(cursor):
    with pytest.raises(InvalidInput):
        list_cards(CardFilters(ordering="sales"), cursor=cursor, at=AT)


def test_a_price_window_begins_and_ends_without_a_job():
    product = make_product(price_fen=10_000)
    sale_from, sale_until = AT + timedelta(hours=1), AT + timedelta(hours=2)
    window = {"product_id": product.pk, "price_to_fen": 10_000, "list_price_fen": 10_000}
    edges = [AT - timedelta(days=1), sale_from, sale_until, AT + timedelta(days=1)]
    cards = [
        CardRow(valid_from=start, valid_until=end, price_fen=price_fen, in_stock=True, **window)
        for start, end, price_fen in zip(edges, edges[1:], (10_000, 8_000, 10_000), strict=False)
    ]
    put_cards(cards=cards, product_ids=[product.pk], at=AT)

    def price_at(at):
        return [row["price_fen"] for row in list_cards(CardFilters(), at=at).rows]

    assert price_at(sale_from - timedelta(microseconds=1)) == [10_000]
    assert price_at(sale_from) == [8_000]
    assert price_at(sale_until) == [10_000]


def test_a_product_off_sale_is_gone_before_its_card_is(three):
    product = ShelfCard.objects.get(product_id=three[0]).product
    take_off_sale(product=product, at=AT)

    assert three[0] not in listed("")
    assert cards_of(three, at=AT)[three[0]]["status"] == "off_sale"


def test_a_card_is_rendered_in_one_language():
    product = make_product("纯棉短袖T恤", title_en="Cotton T-shirt")
    add_rating(product_id=product.pk, rating=5)
    add_rating(product_id=product.pk, rating=4)
    shelve(product, badges=({"kind": "sale", "label_zh": "特价", "label_en": "Sale"},))
    media = product.gallery.get().media

    row = list_cards(CardFilters(), at=AT).rows[0]

    stem = f"/media/{media.file.name.removesuffix('.webp')}"
    assert card(row) == {
        "id": product.pk,
        "slug": "cotton-t-shirt",
        "name": "纯棉短袖T恤",
        "subtitle": "",
        "image": {
            "url": f"{stem}.webp",
            "srcset": f"{stem}-200.webp 200w, {stem}-400.webp 400w, {stem}.webp 800w",
            "srcset_avif": "",
            "width": 800,
            "height": 800,
            "alt": media.alt_zh,
        },
        "price_fen": 10_000,
        "price_to_fen": 10_000,
        "list_price_fen": 10_000,
        "is_list_price_suggested": False,
        "badges": [{"kind": "sale", "label": "特价"}],
        "sales_count": 0,
        "buyers_count": 0,
        "rating": {"average_x10": 45, "count": 2},
        "in_stock": True,
    }


@pytest.mark.parametrize("products", [2, 50])
def test_a_page_of_cards_is_one_query(products, django_assert_num_queries):
    category = make_category()
    goods = [make_product(category=category) for _ in range(products)]
    shelve(*goods)
    listed_ids = [product.pk for product in goods]

    with django_assert_num_queries(1):
        assert len(list_cards(CardFilters(category=category), page_size=50, at=AT).rows) == products
    with django_assert_num_queries(1):
        assert len(cards_of(listed_ids, at=AT)) == products
