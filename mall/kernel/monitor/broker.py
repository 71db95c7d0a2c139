"""A broker that throws messages away when its memory is full is no broker (F-13)."""

import logging

import redis

logger = logging.getLogger(__name__)

SECONDS = 2


def refuse_evicting(url: str) -> None:
    """Raises: SystemExit when the Redis behind ``url`` may evict keys that have no time-out.

    One that is away, or does not say (a managed one may forbid CONFIG), is taken at its word.
    """
    client = redis.Redis.from_url(
        url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS, decode_responses=True
    )
    try:
        policy = str(client.config_get("maxmemory-policy").get("maxmemory-policy", ""))
    except redis.RedisError as error:
        logger.warning("the broker does not say what it evicts: %s", error)
        return
    finally:
        client.close()
    if policy.startswith("allkeys"):
        raise SystemExit(
            f"The broker's maxmemory-policy is {policy}: it would throw tasks away."
            " Set noeviction (docs/operations.md)."
        )
