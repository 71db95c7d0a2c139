"""Search in Chinese, on a real index."""

import pytest
from django.db import transaction

from catalog.models import SearchSynonym
from catalog.selectors import CardFilters, facets, list_cards, suggestions
from catalog.services import indexed_once, keep_phrases, save_brand, save_product, set_attributes
from catalog.testing import AT, make_attribute, make_brand, make_category, make_product, shelve
from mall.kernel.testing.queries import count_queries

pytestmark = pytest.mark.django_db

INJECTIONS = [
    "%' OR 1=1--",
    "_%%%",
    "a & (",
    "!!| <-> :*",
    "'; DROP TABLE catalog_product; --",
    "\\",
    "'",
    "棉' & '恤",
    "e\u0301" * 50,
    "👕" * 50,
    "\u202eTXET",
]


@pytest.fixture
def shop():
    category = make_category(title_zh="上装", title_en="Tops")
    make_attribute(category, code="material")
    products = {
        "tee": make_product("纯棉短袖T恤", category=category, title_en="Cotton T-shirt"),
        "coat": make_product("羊毛大衣", category=category, keywords="外套 秋冬"),
        "potato": make_product("云南土豆 5斤", brand=make_brand(title_zh="田野", slug="field")),
        "phone": make_product("智能手机 X200", subtitle_zh="棉感后盖"),
    }
    set_attributes(product=products["coat"], values={"material": ("澳洲羊毛", "Merino")}, at=AT)
    shelve(*products.values())
    return products


def found(q, **filters):
    page = list_cards(CardFilters(q=q, ordering="relevance", **filters), at=AT)
    return [row["title_zh"] for row in page.rows]


@pytest.mark.parametrize(
    ("q", "titles"),
    [
        ("棉T恤", ["纯棉短袖T恤"]),
        ("t恤 纯棉", ["纯棉短袖T恤"]),
        ("Ｔ恤", ["纯棉短袖T恤"]),
        ("纯棉", ["纯棉短袖T恤"]),
        ("恤", ["纯棉短袖T恤"]),
        ("shirt", ["纯棉短袖T恤"]),
        ("cott", ["纯棉短袖T恤"]),
        ("秋冬", ["羊毛大衣"]),
        ("merino", ["羊毛大衣"]),
        ("田野土豆", ["云南土豆 5斤"]),
        ("X200", ["智能手机 X200"]),
        ("冰箱", []),
    ],
)
def test_C_52_search_finds_titles_keywords_brands_and_attributes(shop, q, titles):
    assert found(q) == titles


def test_without_the_pairs_single_characters_are_enough(shop):
    assert found("衣羊") == ["羊毛大衣"]


def test_a_word_in_the_title_comes_before_one_in_the_subtitle(shop):
    assert found("棉") == ["纯棉短袖T恤", "智能手机 X200"]


def test_C_52_what_only_ends_like_one_of_the_words_is_no_result(shop):
    shelve(make_product("丝绒口红 红色"), make_product("晴雨伞 红色"))
    filters = CardFilters(q="雨伞 红色", ordering="relevance")

    page = list_cards(filters, at=AT)

    assert [row["title_zh"] for row in page.rows] == ["晴雨伞 红色"]
    assert facets(filters, literal=page.literal, at=AT).total == 1


def test_synonyms_find_each_other_and_can_be_switched_off(shop):
    group = SearchSynonym.objects.create(words="土豆 马铃薯 洋芋")
    assert found("马铃薯") == ["云南土豆 5斤"]
    assert found("云南洋芋") == ["云南土豆 5斤"]

    group.is_active = False
    group.save()

    assert found("马铃薯") == []


def test_C_54_a_new_synonym_answers_at_once_what_found_nothing(shop):
    shelve(make_product("一次性暖贴 十片"))
    assert found("暖宝宝") == []

    SearchSynonym.objects.create(words="暖宝宝 暖贴")

    assert found("暖宝宝") == ["一次性暖贴 十片"]


def test_C_52_pinyin_initials_slips_and_traditional_characters_find_it(shop):
    shelve(make_product("云朵 降噪耳机"))

    for typed in ("jiangzaoerji", "jzej", "降躁耳机", "降噪耳機"):
        assert found(typed) == ["云朵 降噪耳机"], typed


def test_a_latin_synonym_is_a_whole_word(shop):
    SearchSynonym.objects.create(words="tee 短袖")

    assert found("tee") == ["纯棉短袖T恤"]
    assert found("steel") == []


@pytest.mark.parametrize("q", INJECTIONS)
def test_characters_of_other_languages_are_just_characters(shop, q):
    assert found(q) in ([], ["纯棉短袖T恤"])


def test_filters_narrow_a_search(shop):
    assert found("羊毛", category=shop["coat"].category) == ["羊毛大衣"]
    assert found("羊毛", category=shop["phone"].category) == []
    assert found("羊毛", price_max_fen=9_999) == []


def test_a_renamed_product_and_a_renamed_brand_are_found_by_their_new_names(shop):
    save_product(product=shop["coat"], values={"title_zh": "驼绒大衣"}, at=AT)
    brand = shop["potato"].brand
    brand.title_zh = "山野"
    save_brand(brand)

    assert found("驼绒") == ["驼绒大衣"]
    assert found("山野") == ["云南土豆 5斤"]


@transaction.atomic
@indexed_once()
def rename_and_stumble(product, title):
    save_product(product=product, values={"title_zh": title}, at=AT)
    raise ZeroDivisionError


def test_many_changes_are_indexed_once_and_none_of_those_that_failed(shop):
    with indexed_once(), count_queries() as statements:
        for title in ("驼绒大衣", "羊驼大衣"):
            save_product(product=shop["coat"], values={"title_zh": title}, at=AT)
        assert not any("SET search" in sql for sql in statements.sql)

    with pytest.raises(ZeroDivisionError):
        rename_and_stumble(shop["phone"], "座机")

    assert found("羊驼") == ["羊驼大衣"]
    assert (found("驼绒"), found("座机"), found("智能")) == ([], [], ["智能手机 X200"])


@pytest.mark.parametrize("products", [2, 50])
def test_a_search_costs_three_queries_at_most(products, django_assert_max_num_queries):
    category = make_category()
    shelve(*[make_product(f"纯棉短袖{n}", category=category) for n in range(products)])

    with django_assert_max_num_queries(3):
        assert len(list_cards(CardFilters(q="袖纯"), page_size=50, at=AT).rows) == products


def test_suggestions_name_categories_and_goods(shop):
    kinds = {(item["kind"], item["title_zh"]) for item in suggestions("上装", at=AT)}

    assert kinds == {
        ("category", "上装"),
        ("product", "纯棉短袖T恤"),
        ("product", "羊毛大衣"),
    }
    assert suggestions(" ", at=AT) == []


def test_C_53_what_begins_so_stands_before_what_holds_it():
    for chinese, english in {"绿茶": "Green", "茶与咖啡": "Tea", "苹果梨桃": "Orchard"}.items():
        make_category(title_zh=chinese, title_en=english)
    keep_phrases(AT)

    def named(q):
        return [item["title_zh"] for item in suggestions(q, at=AT)]

    assert named("茶") == ["茶与咖啡", "绿茶"]
    assert named("cha") == ["茶与咖啡"], "an English word counts from its beginning"
    assert named("orch") == ["苹果梨桃"]


def test_pages_of_a_search_hold_every_product_once(shop):
    category = make_category()
    shelve(*[make_product(f"亚麻衬衫{n}", category=category) for n in range(7)])
    seen, cursor = [], None
    while True:
        page = list_cards(
            CardFilters(q="衫亚", ordering="relevance"), cursor=cursor, page_size=3, at=AT
        )
        seen += [row["product_id"] for row in page.rows]
        cursor = page.next_cursor
        if cursor is None:
            break

    assert len(seen) == len(set(seen)) == 7
