"""C-71: what is sold where, and what is put forward there."""

import pytest
from django.http import QueryDict

from catalog.models import RegionSet
from catalog.selectors import (
    CardFilters,
    cards_beside,
    home_cards,
    list_cards,
    product_page,
    read_filters,
    skus_for_pricing,
    suggestions,
    unsold_in,
)
from catalog.services import add_sales
from catalog.testing import AT, make_product, make_sku, shelve
from catalog.tests.screens import page, seller
from mall.kernel.audit.models import AuditEntry
from mall.kernel.errors import InvalidInput
from mall.kernel.testing.queries import count_queries

__all__ = ["seller"]
pytestmark = pytest.mark.django_db
SHANGHAI, XINJIANG = "310115001", "650102001"


def in_sets(*codes):
    return RegionSet.objects.filter(code__in=codes)


def listed(region_code="", **filters):
    rows = list_cards(CardFilters(region_code=region_code, **filters), at=AT).rows
    return [row["product_id"] for row in rows]


@pytest.fixture
def goods():
    """Sold everywhere, and sold in East China only."""
    everywhere, eastern = make_product("天山蜂蜜"), make_product("江南米醋")
    eastern.sold_in.set(in_sets("east"))
    shelve(everywhere, eastern)
    return everywhere, eastern


def test_C_71_a_product_of_east_china_is_absent_from_lists_in_xinjiang(goods):
    everywhere, eastern = goods

    assert set(listed(SHANGHAI)) == {everywhere.pk, eastern.pk}
    assert listed(XINJIANG) == [everywhere.pk]
    assert listed(XINJIANG, q="江南米醋", ordering="relevance") == []
    assert listed(SHANGHAI, q="江南米醋", ordering="relevance") == [eastern.pk]


def test_without_a_region_everything_is_there(goods):
    assert set(listed()) == {product.pk for product in goods}


def test_home_neighbours_and_suggestions_keep_to_the_region(goods):
    everywhere, eastern = goods
    category = eastern.category

    home = home_cards(at=AT, region_code=XINJIANG)
    beside = cards_beside(
        [category.pk], around=category.pk, at=AT, companions=2, count=5, region_code=XINJIANG
    )
    found = suggestions("江南米醋", at=AT, region_code=XINJIANG)

    assert {row["product_id"] for row in home["bestsellers"]} == {everywhere.pk}
    assert {row["product_id"] for row in home["newest"]} == {everywhere.pk}
    assert beside == []
    assert [row for row in found if row["kind"] == "product"] == []
    assert any(row["id"] == eastern.pk for row in suggestions("江南米醋", at=AT))


def test_several_sets_add_up_and_a_tier_of_cities_is_a_set_too(goods):
    _everywhere, eastern = goods
    eastern.sold_in.set(in_sets("northwest", "tier-1"))

    assert eastern.pk in listed(XINJIANG)
    assert eastern.pk in listed("440305001")
    assert eastern.pk not in listed("330106001")


def test_what_is_put_forward_in_a_region_comes_first_there_and_nowhere_else():
    products = [make_product() for _n in range(5)]
    add_sales({product.pk: 10 - place for place, product in enumerate(products)})
    shelve(*products)
    products[-1].promoted_in.set(in_sets("east"))
    usual = [product.pk for product in products]

    assert listed() == listed(XINJIANG) == usual
    assert listed(SHANGHAI) == [usual[-1], *usual[:-1]]
    assert listed(SHANGHAI, ordering="price")[0] == usual[0]
    home = home_cards(at=AT, region_code=SHANGHAI)
    assert home["bestsellers"][0]["product_id"] == usual[-1]


def test_words_searched_in_a_region_stand_in_its_usual_order():
    products = [make_product(f"龙井茶 {number}") for number in range(3)]
    shelve(*products)
    products[0].promoted_in.set(in_sets("east"))
    asked = CardFilters(q="龙井茶", region_code=SHANGHAI)

    first = list_cards(asked, page_size=1, at=AT)
    second = list_cards(asked, page_size=2, cursor=first.next_cursor, at=AT)

    assert [row["product_id"] for row in first.rows] == [products[0].pk]
    assert {row["product_id"] for row in second.rows} == {products[1].pk, products[2].pk}


def test_pages_of_a_region_go_on_where_they_ended():
    products = [make_product() for _n in range(5)]
    shelve(*products)
    products[1].promoted_in.set(in_sets("east"))
    asked = CardFilters(region_code=SHANGHAI)

    first = list_cards(asked, page_size=2, at=AT)
    second = list_cards(asked, page_size=3, cursor=first.next_cursor, at=AT)

    seen = [row["product_id"] for row in (*first.rows, *second.rows)]
    assert seen[0] == products[1].pk
    assert sorted(seen) == sorted(product.pk for product in products)


def test_pricing_and_product_page_know_the_limits_without_asking_more(goods):
    everywhere, eastern = goods
    skus = {product.pk: product.skus.first().pk for product in goods}

    with count_queries(at_most=1):
        facts = skus_for_pricing(skus.values(), AT)
    with count_queries(at_most=1):
        page = product_page(eastern.pk, at=AT)

    assert facts[skus[everywhere.pk]].is_sold_to(XINJIANG)
    for known in (facts[skus[eastern.pk]], page.facts()[skus[eastern.pk]]):
        assert (known.is_sold_to(SHANGHAI), known.is_sold_to(XINJIANG)) == (True, False)


def test_unsold_goods_of_a_region(goods):
    everywhere, eastern = goods
    ids = [everywhere.pk, eastern.pk]

    assert unsold_in(ids, XINJIANG) == {eastern.pk}
    assert unsold_in(ids, SHANGHAI) == unsold_in(ids, "") == frozenset()


def test_a_list_of_a_region_costs_as_much_with_fifty_limited_goods(goods):
    with count_queries() as few:
        listed(SHANGHAI)
    more = [make_sku().product for _n in range(48)]
    for product in more:
        product.sold_in.set(in_sets("east"))
    shelve(*more)
    with count_queries() as many:
        listed(SHANGHAI)

    assert len(few) == len(many) == 1


def test_the_region_of_an_address_is_checked():
    assert read_filters(QueryDict("region=31")).region_code == "31"
    assert read_filters(QueryDict("")).region_code == ""
    for bad in ("99", "abc", "3101%00"):
        with pytest.raises(InvalidInput) as refusal:
            read_filters(QueryDict(f"region={bad}"))
        assert refusal.value.facts["field"] == "region"


def test_the_usual_sets_are_there():
    kinds = dict(RegionSet.objects.values_list("code", "kind"))

    assert {code for code, kind in kinds.items() if kind == "area"} == {
        "north", "northeast", "east", "central", "south", "southwest", "northwest",
    }  # fmt: skip
    assert {code for code, kind in kinds.items() if kind == "city_tier"} == {"tier-1", "tier-1-new"}
    assert RegionSet.objects.get(code="east").holds(SHANGHAI)


def test_who_redraws_a_region_set_leaves_a_trail(client, seller):
    east = RegionSet.objects.get(code="east")
    before = list(east.prefixes)
    typed = {"code": "east", "kind": "area", "title_zh": "华东", "title_en": "East China"}

    client.post(page("regionset_change", east.pk), {**typed, "prefixes": "31, 3301"})

    row = AuditEntry.objects.get(verb="catalog.save_region_set")
    assert (row.actor, row.target_id) == (seller, str(east.pk))
    assert (row.before, row.after) == ({"prefixes": before}, {"prefixes": ["31", "3301"]})
