"""The flash sale load run: its short form over real HTTP, and a judge that can say no."""

import asyncio
import os
from dataclasses import replace

import pytest
from django.conf import settings
from django.db import connection

from bench.flash.crowd import run as let_in
from bench.flash.verdict import Answer, Crowd, Plan, broken_promises, summary
from bench.flash.world import close_sale, open_sale
from bench.flashsale import FULL, SHORT
from bench.servers import web
from mall.kernel import clock
from mall.runner.places import prepare
from mall.runner.servers import HOST, free_port

SOLD_OUT = "promotions.offer_sold_out"


def environment(port):
    """The web server of production over the database of this test."""
    database = connection.settings_dict
    where = f"{database['HOST']}:{database['PORT']}/{database['NAME']}"
    return {
        "PATH": os.environ["PATH"],
        "LC_ALL": "C.UTF-8",
        "MALL_DEMO": "1",
        "LOG_LEVEL": "WARNING",
        "SECRET_KEY": settings.SECRET_KEY,
        "SITE_URL": f"http://{HOST}:{port}",
        "DATABASE_URL": f"postgres://{database['USER']}:{database['PASSWORD']}@{where}",
        "REDIS_URL": settings.REDIS_URL,
    }


@pytest.mark.runner
@pytest.mark.django_db(transaction=True)
def test_P_19_200_buyers_over_http_buy_20_pieces_with_12_coupons_and_break_no_promise(tmp_path):
    world, port = open_sale(SHORT, clock.now()), free_port()

    with web(environment(port), prepare(tmp_path), port):
        crowd = asyncio.run(let_in(SHORT, world, port))
    books = close_sale(clock.now())

    assert broken_promises(SHORT, crowd, books) == [], crowd.strange
    assert (books["sold"], crowd.claimed, len(crowd.turned_away)) == (20, 12, 180)
    assert FULL.pieces == 200


PLAN = Plan(buyers=3, skus=1, units=2, coupons=1, at_once=3)
CROWD = Crowd(
    orders={0: "A", 1: "B"},
    answers=[
        Answer(201, "", 0.1, 10.1),
        Answer(201, "", 0.3, 10.5),
        Answer(409, SOLD_OUT, 0.05, 10.2),
    ],
    claimed=1,
    began=10.0,
    strange=[],
)
BOOKS = {
    "orders": ["A", "B"],
    "sold": 2,
    "taken": 2,
    "issued": 1,
    "used": 1,
    "doubled": 0,
    "stray_coupons": 0,
    "checked": 58,
    "laws": {},
}


def test_a_good_run_is_said_in_one_line():
    line = summary(PLAN, CROWD, BOOKS, broken_promises(PLAN, CROWD, BOOKS))

    assert line == (
        "flashsale ok: 3 buyers, 2/2 sold, 1/1 coupons claimed, 1 of them used, 58 laws 0 broken;"
        " 4 orders/s, 6 answers/s, order p50 300 ms p95 300 ms, sold out p50 50 ms p95 50 ms"
    )


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"sold": 3}, "pieces sold: 3 instead of 2"),
        ({"sold": 1}, "pieces sold: 1 instead of 2"),
        ({"taken": 3}, "pieces counted as taken: 3 instead of 2"),
        ({"issued": 2}, "coupons given out: 2 instead of 1"),
        ({"doubled": 1}, "buyers with two live orders: 1 instead of 0"),
        ({"stray_coupons": 1}, "used coupons that are not on exactly one live order: 1 instead"),
        ({"orders": ["A"]}, "orders that buyers know and the books do not: 1 instead of 0"),
        ({"orders": ["A", "B", "C"]}, "orders of the books that no buyer knows: 1 instead of 0"),
        ({"laws": {"INV-01": ["stock 1"]}}, "INV-01: stock 1"),
    ],
)
def test_every_broken_promise_is_named(change, says):
    [complaint] = broken_promises(PLAN, CROWD, BOOKS | change)

    assert complaint.startswith(says)


def test_a_buyer_without_an_answer_breaks_the_run():
    crowd = replace(CROWD, strange=["order of buyer 2: 500"])

    assert broken_promises(PLAN, crowd, BOOKS) == ["buyers without an answer: 1 instead of 0"]
