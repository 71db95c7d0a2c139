"""The cache asks Redis by one client, and counts without losing a count."""

import time
from concurrent.futures import ThreadPoolExecutor

import redis
from django.core.cache import cache

from mall.kernel.db.cache import counted


def test_every_question_is_asked_by_the_same_client(monkeypatch):
    cache.get("x")
    monkeypatch.setattr(redis.Redis, "__init__", lambda *_args, **_options: 1 / 0)

    cache.set("x", {"a": 1}, 5)

    assert cache.get("x") == {"a": 1}


def test_what_is_counted_at_once_is_counted_one_by_one():
    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(lambda _n: counted("door", 60)[0], range(40)))

    assert sorted(counts) == list(range(1, 41))


def test_a_count_ends_its_seconds_after_it_began_however_often_it_is_asked():
    began = time.monotonic()
    times = [counted("door", 2) for _n in range(3)]
    assert [number for number, _left in times] == [1, 2, 3]
    assert {left for _number, left in times} <= {1, 2}

    while counted("door", 2)[0] > 3:
        assert time.monotonic() - began < 10
        time.sleep(0.2)

    assert time.monotonic() - began >= 1.9
    assert counted("door", 2)[0] <= 3
