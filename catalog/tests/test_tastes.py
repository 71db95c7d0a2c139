"""C-07, C-08: favourites, and looks where they may be read, tell what somebody likes: three
categories, what is fresh before what is old."""

from datetime import timedelta
from itertools import count

import pytest

from catalog.models import Favourite, ProductView
from catalog.selectors import accounts_liking, tastes_of
from catalog.services import drop_favourite
from catalog.testing import AT, make_category, make_operator, make_product, make_root
from mall.kernel.errors import InvalidInput
from mall.kernel.testing.queries import count_queries

pytestmark = pytest.mark.django_db
DAYS = timedelta(days=1)
_numbers = count(1)


def make_person():
    """Somebody who can sign in; favourites are an account's."""
    return make_operator(username=f"person{next(_numbers)}")


def keep(account, category, *, days_ago=0, pieces=1):
    for _n in range(pieces):
        product = make_product(category=category)
        Favourite.objects.create(account=account, product=product, at=AT - days_ago * DAYS)


def look(account, category):
    ProductView.objects.create(account=account, product=make_product(category=category), at=AT)


def titles(account, **asked):
    return [taste.title_zh for taste in tastes_of(account.pk, AT, **asked)]


def make_shelves():
    """Tea with green tea, which has two kinds, and oolong; and three of other departments."""
    tea = make_root(title_zh="茶", slug="tea")
    green = make_category(title_zh="绿茶", slug="green", parent=tea)
    kinds = [make_category(title_zh=title, parent=green) for title in ("明前", "雨前")]
    oolong = make_category(title_zh="乌龙", slug="oolong", parent=tea)
    others = [make_category(title_zh=title) for title in ("鞋", "书", "灯")]
    return kinds, oolong, *others


def test_C_07_the_categories_of_most_favourites_are_what_one_likes_three_at_most():
    """Those of level 3 count for the one above."""
    kinds, oolong, shoes, books, lamps = make_shelves()
    anna = make_person()
    for kind in kinds:
        keep(anna, kind, pieces=2)
    keep(anna, shoes, pieces=3)
    keep(anna, oolong, pieces=2)
    keep(anna, books)
    keep(make_person(), lamps, pieces=9)

    with count_queries(at_most=2):
        found = tastes_of(anna.pk, AT)

    assert [(one.title_zh, one.weight) for one in found] == [("绿茶", 4), ("鞋", 3), ("乌龙", 2)]
    assert tastes_of(make_person().pk, AT) == []


def test_a_favourite_weighs_half_as_much_after_90_days_and_nothing_once_let_go():
    *_teas, shoes, books, lamps = make_shelves()
    anna = make_person()
    keep(anna, shoes, days_ago=90, pieces=3)
    keep(anna, books, pieces=2)
    keep(anna, lamps, days_ago=-1)

    assert [(one.title_zh, one.weight) for one in tastes_of(anna.pk, AT)] == [
        ("书", 2),
        ("鞋", 1.5),
        ("灯", 1),
    ]
    for row in Favourite.objects.filter(product__category=books):
        drop_favourite(account=anna, product_id=row.product_id)
    assert titles(anna) == ["鞋", "灯"]


def test_who_likes_a_category_is_found_for_it_and_for_the_department_above():
    (early, _late), oolong, shoes, books, lamps = make_shelves()
    anna, bert = make_person(), make_person()
    keep(anna, early)
    keep(bert, oolong)
    for shelf in (shoes, books, lamps):
        keep(bert, shelf, pieces=2)

    found = {slug: accounts_liking(slug, AT) for slug in ("tea", "green", "oolong", shoes.slug)}

    assert found == {"tea": {anna.pk}, "green": {anna.pk}, "oolong": set(), shoes.slug: {bert.pk}}


def test_C_08_what_somebody_looked_at_counts_where_it_may_be_read():
    *_teas, shoes, books, _lamps = make_shelves()
    anna, bert = make_person(), make_person()
    keep(anna, shoes)
    for account in (anna, bert):
        look(account, books)

    with count_queries(at_most=2):
        seen = titles(anna, with_views=True)

    assert (seen, titles(anna)) == (["鞋", "书"], ["鞋"])
    assert accounts_liking(books.slug, AT) == set()
    assert accounts_liking(books.slug, AT, silent={bert.pk}) == {anna.pk}


@pytest.mark.parametrize("level", [None, 3])
def test_who_likes_what_is_no_category_of_the_first_two_levels_is_not_nobody(level):
    """An address that was mistyped or has changed: a segment by it would be emptied."""
    (early, _late), *_others = make_shelves()
    keep(make_person(), early)

    with pytest.raises(InvalidInput):
        accounts_liking(early.slug if level else "nowhere", AT)
