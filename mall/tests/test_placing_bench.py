"""The order bench: its short form over real HTTP, and a judge that can say no and "below"."""

import asyncio
from dataclasses import replace

import pytest

from bench.placing.anatomy import PHASES, anatomy
from bench.placing.crowd import SOLD_OUT, Crowd, Measure
from bench.placing.plan import FULL, SHORT
from bench.placing.verdict import (
    Run,
    as_json,
    broken_promises,
    rows,
    table,
    where_the_time_goes,
)
from bench.placing.world import close_shop, open_shop
from bench.servers import web
from mall.kernel import clock
from mall.runner.places import prepare
from mall.runner.servers import free_port
from mall.tests.test_flashsale_run import environment

TINY = replace(SHORT, products=60, buyers=8, orders=6, long_orders=2, whole_orders=2, looks=1)


@pytest.mark.long
@pytest.mark.runner
@pytest.mark.django_db(transaction=True)
def test_the_short_form_sells_the_hot_sku_exactly_and_prints_every_row(tmp_path, settings):
    settings.ALLOWED_HOSTS = ["*"]
    world, port = open_shop(TINY, clock.now()), free_port()

    with web(environment(port), prepare(tmp_path), port):
        crowd = asyncio.run(Crowd(TINY, world, port).run())
    books, look = close_shop(world), anatomy(TINY, world)
    run = Run(plan=TINY, p=None, hot_limit=None, crowd=crowd, look=look, books=books)

    assert broken_promises(run) == []
    assert (books["hot_sold"], books["hot_reserved"]) == (20, 20)
    assert books["paid"] == TINY.whole_orders + TINY.clients, "those that warmed up too"
    found = rows(run)
    assert [row.word for row in found if row.name.startswith("statements, place")] == ["ok", "ok"]
    assert len(table(found).splitlines()) == 13
    assert where_the_time_goes(look).count(" x  ") == len(PHASES)
    assert set(as_json(run, found)["measures"]) == {"place", "place_long", "whole", "hot"}


def measure(orders, *, seconds=0.1, **refusals):
    told = Measure([seconds] * orders, total_seconds=orders / 100)
    told.refusals.update(refusals)
    return told


@pytest.fixture
def run():
    sold_out = {SOLD_OUT: FULL.hot_buyers}
    return Run(
        plan=FULL,
        p=1_000.0,
        hot_limit=380.0,
        crowd={
            "place": measure(800),
            "place_long": measure(240, seconds=0.3),
            "whole": measure(320),
            "hot": measure(200, **sold_out),
        },
        look={
            "statements": {
                "place": 19,
                "place_long": 21,
                "whole": {"place": 22, "pay": 17},
                "after_hot_row": 6,
            }
        },
        books={"hot_sold": 200, "hot_reserved": 200, "pieces_without_stock": 0, "paid": 320},
    )


def test_every_row_is_a_ratio_beside_its_goal(run):
    found = {row.name: (row.found, row.goal, row.word) for row in rows(run)}

    speed = ("100.0/s = 0.1000 P, p50 100 ms", ">= 0.06 P (stretch 0.12)", "ok")
    assert found["place order, 1 line"] == speed
    assert found["hot SKU, 64 buyers"][1:] == (">= 0.05 P", "ok")
    assert found["statements, place 1 line"] == ("19", "<= 20", "ok")
    assert found["statements, place 20 lines"] == ("21", "<= 20", "below")
    assert found["statements, whole order"] == ("39", "<= 60", "ok")
    assert [row.word for row in rows(run) if "p95" in row.name] == ["ok", "below"]
    assert broken_promises(run) == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"hot_sold": 201}, "pieces of the hot SKU sold: 201 instead of 200"),
        ({"hot_reserved": 199}, "pieces of the hot SKU reserved: 199 instead of 200"),
        ({"pieces_without_stock": 1}, "pieces ordered that no stock holds: 1"),
    ],
)
def test_a_broken_promise_is_named(run, change, says):
    assert broken_promises(replace(run, books={**run.books, **change})) == [says]


def test_F_40_orders_beside_an_import_are_compared_with_orders_without(run):
    crowd = {**run.crowd, "few": measure(9), "beside": measure(9, seconds=0.21)}
    beside = replace(run, crowd=crowd, brought_in=700)

    row = next(row for row in rows(beside) if "import" in row.name)

    assert row.found == "210 ms, 100 without = 2.10 times; 700 came in"
    assert (row.goal, row.word) == ("<= 2 times", "below")
    assert broken_promises(beside) == []
    assert broken_promises(replace(beside, is_cut_short=True)) == [
        "the import ended before the orders beside it"
    ]


def test_a_refused_order_and_a_strange_refusal_break_the_run(run):
    crowd = {**run.crowd, "place": measure(1, refused=1), "hot": measure(200, odd=1)}

    assert broken_promises(replace(run, crowd=crowd)) == [
        "hot SKU: {'odd': 1}",
        "place: {'refused': 1}",
    ]
