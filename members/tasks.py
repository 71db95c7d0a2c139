"""Timers of members: each calls one verb and is safe to run twice."""

from celery import shared_task

from mall.kernel import clock
from members import services


@shared_task(name="members.expire_points", time_limit=250)
def expire_points() -> int:
    """Let points run out whose time has come."""
    return services.expire_points(at=clock.now())


@shared_task(name="members.expire_growth", time_limit=250)
def expire_growth() -> int:
    """Let growth older than the window go, and tiers with it."""
    return services.expire_growth(at=clock.now())


@shared_task(name="members.forget_old_tries", time_limit=60)
def forget_old_tries() -> int:
    """Delete wrong passwords that no longer count, and one-time codes and proofs."""
    at = clock.now()
    forgotten = services.forget_old_tries(at=at) + services.forget_old_codes(at=at)
    return forgotten + services.forget_old_proofs(at=at)


@shared_task(name="members.close_silent_tickets", time_limit=60)
def close_silent_tickets() -> int:
    """End talks that the shop answered and the shopper left so for a week."""
    return services.close_silent_tickets(at=clock.now())


@shared_task(name="members.refill_segments", time_limit=600)
def refill_segments() -> int:
    """Fill every segment with a rule anew."""
    return services.refill_segments(at=clock.now())
