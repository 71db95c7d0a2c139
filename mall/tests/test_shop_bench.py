"""The bench of the shop window: its short form serves what it should over real HTTP, and its judge
can say no, "below" and "above". No test looks at a time."""

import pytest

from bench.shop.asking import complaints, measured
from bench.shop.plan import ADD, GOALS, SHORT
from bench.shop.pump import Measure, get, load
from bench.shop.serving import serve
from bench.shop.verdict import CACHED, UNCACHED, Shop, as_json, growth, growth_table, rows, table
from bench.shop.world import open_shop
from catalog.models import Product, ShelfCard
from mall.kernel import clock
from mall.runner.places import prepare
from mall.tests.test_flashsale_run import environment

HELLO, MALL = "bench.shop.hello:application", "mall.wsgi:application"


@pytest.mark.runner
@pytest.mark.django_db(transaction=True)
def test_the_short_form_is_served_from_copies_and_without_them_alike(tmp_path):
    world = open_shop(SHORT.sizes[0], SHORT.spread, SHORT.categories, at=clock.now())
    told = {**environment(0), "DJANGO_SETTINGS_MODULE": "mall.settings"}

    found = {}
    for way, life in ((CACHED, "60"), (UNCACHED, "0")):
        with serve(MALL, {**told, "PAGE_CACHE_SECONDS": life}, prepare(tmp_path)) as port:
            found[way] = measured(SHORT, world, port)

    assert Product.objects.count() == ShelfCard.objects.values("product").distinct().count() == 60
    assert complaints(found[CACHED], is_shared=True) == []
    assert complaints(found[UNCACHED], is_shared=False) == []
    assert set(found[CACHED]) == {goal.name for goal in GOALS}


@pytest.mark.runner
def test_the_view_that_does_nothing_answers(tmp_path):
    with serve(HELLO, environment(0), prepare(tmp_path)) as port:
        measure = load(port, [get(port, "/")], clients=2, seconds=0.2)

    assert set(measure.statuses) == {200}
    assert len(measure.seconds) == measure.statuses[200]


def asked(number: int, *, status: int = 200, copies: int = 0) -> Measure:
    measure = Measure([0.01] * number, total_seconds=1.0, copies=copies)
    measure.statuses[status] = number
    return measure


def shop(products: int, *, home: int) -> Shop:
    return Shop(products, 1000.0, {CACHED: {"home": asked(home)}, UNCACHED: {"search": asked(90)}})


def test_a_figure_below_its_goal_says_so_and_one_without_a_goal_says_nothing():
    words = [(row.name, row.way, row.word) for row in rows(shop(1_000, home=250))]

    assert words == [("home", CACHED, "below"), ("search", UNCACHED, "ok")]
    assert [row.word for row in rows(shop(1_000, home=300))] == ["ok", "ok"]
    assert len(table(rows(shop(1_000, home=300))).splitlines()) == 3


def test_what_costs_more_than_half_as_much_again_in_the_largest_shop_is_above():
    found = rows(shop(1_000, home=300)) + rows(shop(100_000, home=150))

    assert growth(found) == [("home", CACHED, 2.0, False), ("search", UNCACHED, 1.0, True)]
    assert growth_table(found).count("above") == 1
    assert "one size" in growth_table(rows(shop(1_000, home=1)))


def test_wrong_answers_are_found_whatever_their_speed():
    found = {"home": asked(9, copies=8), "search": asked(5, status=500), ADD: asked(3, status=302)}

    assert complaints(found, is_shared=True) == [
        "home: 1 of 9 were made although they are kept",
        "search: answers {500: 5}",
        "search: 5 of 5 were made although they are kept",
    ]
    assert "home: 8 copies although none are kept" in complaints(found, is_shared=False)


def test_a_machine_can_read_the_run():
    result = as_json([shop(1_000, home=300)], "2 x test")

    assert result["hello_per_second"] == {1_000: 1000.0}
    assert result["rows"][0]["ratio_to_h"] == 0.3
