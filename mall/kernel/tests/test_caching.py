"""Shared answers: one maker at a time, nothing past its end, nothing older than a change."""

import threading
import time
from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import transaction

from mall.kernel import clock
from mall.kernel.caching import (
    Copy,
    Keeper,
    changed,
    changes,
    depends_on,
    holds_until,
    is_older_than_change,
    keeping,
    next_edge,
    register_edges,
    watched,
)
from mall.kernel.db.cache import ForgivingRedisCache

NOW = clock.now()


def copy(text: str = "text", *, age: float = 0.0, life: float = 60.0, tags=("goods",)) -> Copy:
    began_at = clock.now().timestamp() - age
    return Copy.of(text.encode(), headers=(), tags=tags, began_at=began_at, ends_at=began_at + life)


class Maker:
    """Makes copies slowly, and counts them."""

    def __init__(self, seconds: float = 0.0, **values) -> None:
        self.seconds, self.values, self.made = seconds, values, 0

    def __call__(self) -> Copy:
        self.made += 1
        time.sleep(self.seconds)
        return copy(f"copy {self.made}", **self.values)


def crowd(keeper_of, make, number: int = 12) -> list[bytes]:
    """What so many visitors at once are shown; each asks through a process of its own."""
    shown: list[bytes] = []
    ready = threading.Barrier(number)

    def ask() -> None:
        keeper = keeper_of()
        ready.wait()
        shown.append(keeper.get("page", make).body)

    threads = [threading.Thread(target=ask) for _n in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return shown


def test_F_16_a_stampede_on_an_empty_cache_makes_one_copy():
    make = Maker(seconds=0.3)

    shown = crowd(Keeper, make)

    assert make.made == 1
    assert shown == [b"copy 1"] * 12


def test_F_16_who_looked_before_the_copy_came_and_wants_to_make_it_after_makes_none(monkeypatch):
    really_add = ForgivingRedisCache.add

    def add_late(*args, **options):
        cache.set("page", copy("of the other"), 10)
        return really_add(*args, **options)

    monkeypatch.setattr(ForgivingRedisCache, "add", add_late)
    make = Maker()

    assert (Keeper().get("page", make).body, make.made) == (b"of the other", 0)
    assert not cache.has_key("page:maker")


def test_F_16_control_without_the_lock_everybody_makes_one(monkeypatch):
    make = Maker(seconds=0.3)
    monkeypatch.setattr(ForgivingRedisCache, "add", lambda *_args, **_options: True)

    crowd(Keeper, make)

    assert make.made > 1


def test_F_16_while_one_makes_the_next_copy_the_others_are_shown_the_old_one():
    cache.set("page", copy("old", age=57), 10)
    make = Maker(seconds=0.5)

    shown = crowd(Keeper, make)

    assert make.made == 1
    assert sorted(shown) == [b"copy 1"] + [b"old"] * 11


def test_what_is_past_its_end_is_shown_to_nobody():
    cache.set("page", copy("old", age=61), 10)

    assert Keeper().get("page", Maker()).body == b"copy 1"


def test_a_maker_that_died_is_waited_for_no_longer_than_its_turn(monkeypatch):
    monkeypatch.setattr(keeping, "MAKER_SECONDS", 0.2)
    cache.add("page:maker", 1, 10)
    make = Maker()
    began = time.monotonic()

    shown = Keeper().get("page", make)

    assert (shown.body, make.made) == (b"copy 1", 1)
    assert time.monotonic() - began < 2


def test_a_storm_of_changes_has_a_page_made_a_few_times_only():
    keeper, make = Keeper(), Maker()
    until = time.monotonic() + 1.2

    while time.monotonic() < until:
        keeper._near.clear()
        with_change("goods")
        keeper.get("page", make)

    assert 2 <= make.made <= 8, "hundreds, if each change counted"


def with_change(*tags: str, at: datetime | None = None) -> None:
    """A change as its transaction leaves it."""
    changed_at = (at or clock.now()).timestamp()
    cache.set_many({f"changed:{tag}": changed_at for tag in tags}, 60)


@pytest.mark.django_db(transaction=True)
def test_a_change_is_told_when_its_transaction_is_committed():
    began_at = clock.now().timestamp() - 10

    with transaction.atomic():
        changed("goods", "shelf")
        assert not is_older_than_change(began_at, ["goods"])

    assert is_older_than_change(began_at, ["shelf", "other"])
    assert not is_older_than_change(began_at, ["other"])
    assert not is_older_than_change(clock.now().timestamp() + 1, ["goods"])


@pytest.mark.django_db(transaction=True)
def test_a_change_that_cannot_be_told_takes_nothing_from_the_verb(monkeypatch):
    def broken(_tags):
        raise KeyError("a cache nobody knows")

    monkeypatch.setattr(changes, "_mark", broken)
    done = []

    with transaction.atomic():
        changed("goods")
        transaction.on_commit(lambda: done.append("the relay is woken"))

    assert done == ["the relay is woken"]


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_rolled_back_is_none():
    with transaction.atomic():
        changed("goods")
        transaction.set_rollback(True)

    assert not is_older_than_change(0, ["goods"])


def test_what_is_read_says_its_tags_and_its_end():
    depends_on("outside")
    with watched() as watch:
        depends_on("one", "two")
        holds_until(NOW + timedelta(hours=2), None, NOW + timedelta(hours=1))
        holds_until(None)

    assert (watch.tags, watch.until) == ({"one", "two"}, NOW + timedelta(hours=1))


def test_the_next_edge_is_asked_again_when_it_has_passed_or_something_changed(monkeypatch):
    monkeypatch.setattr("mall.kernel.caching.edges._readers", {})
    asked = []

    def edge(at):
        asked.append(at)
        return at + timedelta(seconds=3)

    register_edges("test", edge, tags=["goods"])
    at = clock.now()

    assert next_edge(at) == next_edge(at + timedelta(seconds=1)) == at + timedelta(seconds=3)
    assert next_edge(at + timedelta(seconds=4)) == at + timedelta(seconds=7)
    with_change("goods", at=at + timedelta(seconds=4))
    next_edge(at + timedelta(seconds=4.1))
    assert len(asked) == 3
