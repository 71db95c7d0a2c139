"""Real servers for a test run: started when none is configured, and one Redis database per process.

Runs before the settings are read (see `mall.settings_test`), so it may not import Django.
"""

from __future__ import annotations

import atexit
import os
import socket
import threading
from urllib.parse import urlsplit, urlunsplit

import redis

from mall.runner.sharing import join, shared_var
from mall.runner.system import is_running

CLAIM_SECONDS = 300
HEARTBEAT_SECONDS = 60
DROP_IF_SAME = (
    "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0"
)


def provide_servers() -> None:
    """Put DATABASE_URL and REDIS_URL into the environment; the latter names our own database."""
    if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
        for name, url in join(shared_var()).items():
            os.environ[name] = os.environ.get(name) or url
    os.environ["REDIS_URL"] = claim_redis_database(os.environ["REDIS_URL"])


def claim_redis_database(url: str) -> str:
    """Claim a database number nobody else tests in, empty it, and return ``url`` naming it.

    Claims are keys of database 0 that expire unless a heartbeat renews them; one whose process on
    this machine is gone is taken over at once.
    """
    desk = redis.Redis.from_url(_with_number(url, 0), decode_responses=True)
    claim = f"{socket.gethostname()}:{os.getpid()}"
    for number in range(1, _database_count(desk)):
        key = f"mall:test:claim:{number}"
        _drop_if_dead(desk, key)
        if desk.set(key, claim, nx=True, ex=CLAIM_SECONDS):
            own_url = _with_number(url, number)
            _empty(own_url)
            _keep_claim(desk, key, claim, own_url)
            return own_url
    raise RuntimeError("every Redis database is claimed by a test run; wait, or raise `databases`")


def _with_number(url: str, number: int) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{number}"))


def _database_count(desk: redis.Redis) -> int:
    return int(str(desk.config_get("databases")["databases"]))


def _drop_if_dead(desk: redis.Redis, key: str) -> None:
    value = desk.get(key)
    if value is None:
        return
    host, _, pid = str(value).rpartition(":")
    if host == socket.gethostname() and not is_running(int(pid)):
        desk.eval(DROP_IF_SAME, 1, key, value)


def _empty(own_url: str) -> None:
    with redis.Redis.from_url(own_url) as own:
        own.flushdb()


def _keep_claim(desk: redis.Redis, key: str, claim: str, own_url: str) -> None:
    over = threading.Event()
    owner = os.getpid()

    def beat() -> None:
        while not over.wait(HEARTBEAT_SECONDS):
            desk.expire(key, CLAIM_SECONDS)

    def release() -> None:
        if os.getpid() != owner:  # a forked child leaves: the claim is its parent's
            return
        over.set()
        try:
            _empty(own_url)
            desk.eval(DROP_IF_SAME, 1, key, claim)
        except redis.ConnectionError:
            pass  # the server is gone, and the claim with it or by expiry

    threading.Thread(target=beat, name="redis-claim", daemon=True).start()
    atexit.register(release)
