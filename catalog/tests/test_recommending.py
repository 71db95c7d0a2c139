"""C-08: what somebody looked at weighs with what they keep in mind; goods are picked by both."""

from datetime import timedelta

import pytest

from catalog.models import Favourite, Product, ProductView
from catalog.selectors import picked_cards
from catalog.selectors.weighing import VIEWED_WEIGHS, weights
from catalog.services.viewing import KEPT_DAYS
from catalog.testing import AT, make_category, make_operator, make_product, shelve
from mall.kernel.testing.queries import count_queries

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def anna():
    return make_operator(username="anna")


@pytest.fixture
def shelves():
    """Tea, shoes and lamps: three goods each; the first lamp sells best of all, then shoes."""
    found = {}
    for rank, name in enumerate(("tea", "shoes", "lamps"), 1):
        category = make_category(title_zh=name)
        found[name] = [make_product(f"{name}{number}", category=category) for number in range(3)]
        for number, product in enumerate(found[name]):
            Product.objects.filter(pk=product.pk).update(sales_count=100 * rank - number)
        shelve(*found[name])
    return found


def keep(account, product, at=AT):
    Favourite.objects.create(account=account, product=product, at=at)


def look(account, product, at=AT):
    ProductView.objects.create(account=account, product=product, at=at)


def names(rows):
    return [row["title_zh"] for row in rows]


def pick(account, count=4, **values):
    return names(picked_cards(account.pk, at=AT, count=count, **values))


def test_five_looks_weigh_as_much_as_one_favourite_and_fade_as_it_does(anna, shelves):
    tea, shoes = shelves["tea"], shelves["shoes"]
    keep(anna, shoes[0])
    for product in tea:
        look(anna, product)
    look(anna, shoes[1], AT - KEPT_DAYS * DAY)

    found = [(one.category_id, one.weight) for one in weights(AT, account_id=anna.pk, silent=())]

    assert found == [
        (shoes[0].category.path_ids[1], pytest.approx(1 + VIEWED_WEIGHS / 2)),
        (tea[0].category.path_ids[1], pytest.approx(3 * VIEWED_WEIGHS)),
    ]


def test_looks_too_old_and_of_who_wants_them_unread_weigh_nothing(anna, shelves):
    boris = make_operator(username="boris")
    look(anna, shelves["tea"][0])
    look(boris, shelves["tea"][0])
    look(anna, shelves["lamps"][0], AT - KEPT_DAYS * DAY - DAY)

    assert weights(AT) == []
    assert [one.account_id for one in weights(AT, silent={boris.pk})] == [anna.pk]
    liked = {shelves["lamps"][0].category.path_ids[1]}
    assert weights(AT, liked=liked, silent=()) == []


def test_goods_are_picked_of_each_liked_category_in_turn_then_of_all(anna, shelves):
    """What is kept already is not picked again."""
    keep(anna, shelves["tea"][0])
    look(anna, shelves["shoes"][0])

    with count_queries(at_most=2):
        with_views = pick(anna, count=5, with_views=True)

    assert with_views == ["tea1", "shoes0", "tea2", "shoes1", "shoes2"]
    assert pick(anna, count=4) == ["tea1", "tea2", "lamps0", "lamps1"]


def test_of_whom_nothing_is_known_gets_what_sells_and_is_there(anna, shelves):
    look(anna, shelves["tea"][0])
    best = shelves["lamps"][0]
    best.shelf_cards.update(in_stock=False)

    with count_queries(at_most=1):
        nobody = names(picked_cards(None, at=AT, count=2))

    assert nobody == ["lamps1", "lamps2"] == pick(anna, count=2)
