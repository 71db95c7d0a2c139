"""Routing and promises on paper: tables and laws."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.routing import (
    House,
    Plan,
    Point,
    Policy,
    Scattered,
    Shelf,
    Shortage,
    is_same_city,
    km_between,
    plan,
    promise,
    ranked,
    slowest,
)

SHANGHAI, HANGZHOU, URUMQI = "310115", "330106", "650102"
EAST = House(1, "east", "310115", prefixes=("31", "32", "33"), point=Point(31.2, 121.5))
NORTH = House(2, "north", "110105", prefixes=("11", "12", "13"), point=Point(39.9, 116.4))
SOUTH = House(3, "south", "440106", prefixes=("44", "45"), point=Point(23.1, 113.3))
SUPPLIER = House(4, "maker", "330106", is_supplier=True)
POLICY = Policy()
YEAR = datetime(2026, 1, 1)  # noqa: DTZ001


def shelves(*rows):
    """(house, SKU id, free pieces) as shelves with ids in order."""
    return [Shelf(n, sku_id, free, house) for n, (house, sku_id, free) in enumerate(rows, 1)]


def given_by(answer):
    return [(pick.line_key, pick.house_id, pick.pieces, pick.reason) for pick in answer.picks]


def beijing(hour, minute=0):
    return datetime(2026, 6, 1, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_O_29_shanghai_is_served_by_the_east_house():
    answer = plan({"1": (7, 2)}, shelves((NORTH, 7, 9), (EAST, 7, 9)), SHANGHAI, POLICY)

    assert given_by(answer) == [("1", 1, 2, "nearest")]


def test_O_29_an_empty_house_gives_way_to_the_next_nearest():
    rows = shelves((SOUTH, 7, 9), (NORTH, 7, 9), (EAST, 7, 0))

    answer = plan({"1": (7, 2)}, rows, SHANGHAI, POLICY)

    assert given_by(answer) == [("1", 2, 2, "fallback")]
    assert answer.picks[0].passed == ((1, 0),)
    assert [one.house.code for one in answer.houses] == ["east", "north", "south"]


def test_I_16_the_house_that_has_the_whole_order_goes_before_nearer_ones():
    rows = shelves((EAST, 7, 5), (EAST, 8, 0), (NORTH, 7, 5), (NORTH, 8, 5))

    answer = plan({"1": (7, 1), "2": (8, 1)}, rows, SHANGHAI, POLICY)

    assert given_by(answer) == [("1", 2, 1, "whole_order"), ("2", 2, 1, "fallback")]


def test_each_line_comes_from_the_nearest_when_the_policy_says_so():
    rows = shelves((EAST, 7, 5), (EAST, 8, 0), (NORTH, 7, 5), (NORTH, 8, 5))

    answer = plan({"1": (7, 1), "2": (8, 1)}, rows, SHANGHAI, Policy(whole_order_first=False))

    assert given_by(answer) == [("1", 1, 1, "nearest"), ("2", 2, 1, "fallback")]
    assert answer.house_ids == [1, 2]


def test_a_line_that_no_house_has_whole_is_split():
    answer = plan({"1": (7, 4)}, shelves((EAST, 7, 3), (NORTH, 7, 2)), SHANGHAI, POLICY)

    assert given_by(answer) == [("1", 1, 3, "split"), ("1", 2, 1, "split")]


def test_two_lines_of_one_sku_share_its_pieces():
    rows = shelves((EAST, 7, 3))

    assert plan({"a": (7, 2), "b": (7, 2)}, rows, SHANGHAI, POLICY) == Shortage(7, 3)


def test_a_sku_that_no_house_knows_is_short_of_everything():
    assert plan({"a": (9, 1)}, shelves((EAST, 7, 3)), SHANGHAI, POLICY) == Shortage(9, 0)


def test_suppliers_are_asked_after_all_of_ours():
    rows = shelves((SUPPLIER, 7, 9), (SUPPLIER, 8, 9), (SOUTH, 7, 1), (NORTH, 8, 1))

    ours = plan({"1": (7, 1), "2": (8, 1)}, rows, HANGZHOU, POLICY)
    theirs = plan({"1": (7, 2)}, rows, HANGZHOU, POLICY)

    assert given_by(ours) == [("1", 3, 1, "nearest"), ("2", 2, 1, "nearest")]
    assert given_by(theirs) == [("1", 4, 2, "supplier")]


def test_I_16_more_parcels_than_allowed_are_gathered_into_fewer():
    rows = shelves((EAST, 7, 1), (NORTH, 8, 1), (SOUTH, 9, 1), (SUPPLIER, 8, 1), (SUPPLIER, 9, 1))
    wanted = {"1": (7, 1), "2": (8, 1), "3": (9, 1)}

    answer = plan(wanted, rows, SHANGHAI, Policy(max_parcels=2))

    assert answer.house_ids == [1, 4]
    assert given_by(answer) == [
        ("1", 1, 1, "nearest"),
        ("2", 4, 1, "few_parcels"),
        ("3", 4, 1, "few_parcels"),
    ]


def test_I_16_goods_in_too_many_houses_are_refused_with_the_number_of_parcels():
    rows = shelves((EAST, 7, 1), (NORTH, 8, 1), (SOUTH, 9, 1))
    wanted = {"1": (7, 1), "2": (8, 1), "3": (9, 1)}

    assert plan(wanted, rows, SHANGHAI, Policy(max_parcels=2)) == Scattered(3, 2)


CLOSE = House(11, "close", "320500", point=Point(31.3, 120.6), parcel_cost_fen=900, priority=9)
CHEAP = House(12, "cheap", "420100", point=Point(30.6, 114.3), parcel_cost_fen=300, priority=5)
FIRST = House(13, "first", "440100", point=Point(23.1, 113.3), parcel_cost_fen=600, priority=1)
FAST = House(14, "fast", "110100", parcel_cost_fen=700, next_day_until=time(20, 0))


@pytest.mark.parametrize(
    ("prefer", "code"),
    [("nearest", "close"), ("priority", "first"), ("cheapest", "cheap"), ("fastest", "fast")],
)
def test_the_policy_says_what_counts_first(prefer, code):
    houses = [FIRST, CHEAP, CLOSE, FAST]

    first = ranked(houses, SHANGHAI, Policy(prefer=prefer))[0]

    assert first.house.code == code


def test_a_house_that_serves_the_region_more_closely_goes_before_nearer_ones():
    city = House(21, "city", "440100", prefixes=("3101",))

    assert [one.match for one in ranked([EAST, city, NORTH], SHANGHAI, POLICY)] == [4, 2, 0]


def test_without_a_region_the_priority_decides():
    order = ranked([CLOSE, CHEAP, FIRST], "", POLICY)

    assert [one.house.code for one in order] == ["first", "cheap", "close"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("310115", "310104", True),
        ("330106", "330203", False),
        ("429004", "429005", False),
        ("33", "33", False),
        ("", "330106", False),
    ],
)
def test_what_is_one_city(one, other, same):
    assert is_same_city(one, other) is same


def test_distances_rank_like_the_map():
    from_hangzhou = [km_between(code, "330106", Point(30.3, 120.1)) for code in ("31", "11", "65")]

    assert from_hangzhou == [167, 1119, 3222]
    assert km_between("330102", "330106", None) == 0
    assert km_between("99", "330106", None) == 10_000


@pytest.mark.parametrize(
    ("clock", "code", "day"),
    [
        (beijing(11, 59), "same_day", date(2026, 6, 1)),
        (beijing(12, 0), "next_day", date(2026, 6, 2)),
        (beijing(12, 1), "next_day", date(2026, 6, 2)),
        (beijing(0, 0), "same_day", date(2026, 6, 1)),
    ],
)
def test_I_17_same_city_before_the_cut_off_arrives_today(clock, code, day):
    made = promise(EAST, SHANGHAI, clock, POLICY)

    assert (made.code, made.arrives_on(clock)) == (code, day)


@pytest.mark.parametrize(
    ("clock", "code", "day"),
    [
        (beijing(19, 59), "next_day", date(2026, 6, 2)),
        (beijing(20, 0), "second_day", date(2026, 6, 3)),
    ],
)
def test_I_18_a_pair_of_house_and_city_arrives_the_next_day(clock, code, day):
    made = promise(FAST, SHANGHAI, clock, POLICY)

    assert (made.code, made.arrives_on(clock)) == (code, day)


def test_I_19_elsewhere_72_hours_run_from_the_payment():
    made = promise(NORTH, SHANGHAI, beijing(9), POLICY)

    assert (made.code, made.hours) == ("within_hours", 72)
    assert made.due_at(beijing(9)) == beijing(9) + timedelta(hours=72)
    assert made.due_at(beijing(10)) == beijing(10) + timedelta(hours=72)


def test_a_promise_of_the_day_is_lost_when_the_order_is_paid_after_the_cut_off():
    made = promise(EAST, SHANGHAI, beijing(11, 50), POLICY)

    assert made.code_at(beijing(11, 59)) == "same_day"
    assert made.code_at(beijing(12, 5)) == "next_day"
    assert made.arrives_on(beijing(12, 5)) == date(2026, 6, 2)


def test_an_order_of_several_parcels_promises_the_last():
    soon, later = (promise(house, SHANGHAI, beijing(9), POLICY) for house in (EAST, NORTH))

    assert slowest([soon, later]) == later


FREES = st.lists(st.lists(st.integers(0, 6), min_size=3, max_size=3), min_size=1, max_size=5)
WANTS = st.lists(st.tuples(st.integers(0, 2), st.integers(1, 8)), min_size=1, max_size=4)


@given(
    frees=FREES,
    wants=WANTS,
    suppliers=st.integers(0, 2),
    limit=st.integers(1, 4),
    whole_first=st.booleans(),
)
def test_everybody_gets_exactly_what_they_want_or_nobody_gets_anything(
    frees, wants, suppliers, limit, whole_first
):
    houses = [House(n, f"h{n}", "330106", is_supplier=n < suppliers) for n in range(len(frees))]
    rows = shelves(
        *(
            (house, sku, row[sku])
            for house, row in zip(houses, frees, strict=True)
            for sku in range(3)
        )
    )
    wanted = {str(number): want for number, want in enumerate(wants)}

    answer = plan(wanted, rows, HANGZHOU, Policy("nearest", whole_first, limit))

    free = {shelf.item_id: shelf.free for shelf in rows}
    if isinstance(answer, Shortage):
        asked = sum(pieces for sku, pieces in wants if sku == answer.sku_id)
        assert asked > answer.available == sum(row[answer.sku_id] for row in frees)
        return
    if isinstance(answer, Scattered):
        assert answer.parcels > answer.limit == limit
        return
    assert len(answer.house_ids) <= limit
    for line_key, (_sku, pieces) in wanted.items():
        assert sum(p.pieces for p in answer.picks if p.line_key == line_key) == pieces
    for item_id, number in free.items():
        assert sum(p.pieces for p in answer.picks if p.item_id == item_id) <= number
    assert all(pick.pieces > 0 for pick in answer.picks)


@given(frees=FREES, wants=WANTS)
def test_the_order_of_the_shelves_changes_nothing(frees, wants):
    houses = [House(n, f"h{n}", "330106") for n in range(len(frees))]
    rows = shelves(
        *(
            (house, sku, row[sku])
            for house, row in zip(houses, frees, strict=True)
            for sku in range(3)
        )
    )
    wanted = {str(number): want for number, want in enumerate(wants)}

    assert plan(wanted, rows, HANGZHOU, POLICY) == plan(wanted, rows[::-1], HANGZHOU, POLICY)


@given(
    at=st.datetimes(YEAR, YEAR + timedelta(days=365), timezones=st.just(UTC)),
    wait=st.timedeltas(timedelta(0), timedelta(hours=20)),
    house=st.sampled_from([EAST, FAST, NORTH]),
)
def test_who_pays_later_is_promised_what_they_were_told_then(at, wait, house):
    told = promise(house, SHANGHAI, at, POLICY)
    anew = promise(house, SHANGHAI, at + wait, POLICY)

    assert told.due_at(at + wait) == anew.due_at(at + wait)
    assert told.due_at(at + wait) > at + wait
    assert isinstance(plan({"1": (7, 1)}, shelves((house, 7, 1)), SHANGHAI, POLICY), Plan)
