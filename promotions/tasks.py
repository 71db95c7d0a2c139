"""Timers of promotions."""

from celery import shared_task

from mall.kernel import clock
from promotions import services
from promotions.services import run_dispatches as run


@shared_task(name="promotions.run_dispatches", time_limit=240)
def run_dispatches() -> int:
    """Go on with the coupon dispatches whose time has come."""
    return run(clock.now())


@shared_task(name="promotions.send_reminders", time_limit=240)
def send_reminders() -> int:
    """Tell those who asked for it that their flash sale begins soon."""
    return services.send_reminders(clock.now())


@shared_task(name="promotions.return_packets", time_limit=240)
def return_packets() -> int:
    """Return the rest of red packets whose time is up."""
    return services.return_packets(clock.now())


@shared_task(name="promotions.draw_codes", time_limit=240)
def draw_codes() -> int:
    """Draw the coupon codes that operators ordered."""
    return services.draw_codes()


@shared_task(name="promotions.forget_old_deeds", time_limit=240)
def forget_old_deeds() -> int:
    """Forget who claimed what from where, after a year."""
    return services.forget_old_deeds(clock.now())


@shared_task(name="promotions.forget_old_visits", time_limit=240)
def forget_old_visits() -> int:
    """Forget who saw pop-ups and who came to landing pages and shared pages."""
    return services.forget_old_visits(clock.now())


@shared_task(name="promotions.send_due_phases", time_limit=240)
def send_due_phases() -> int:
    """Send the messages of plans whose time has come."""
    return services.send_due_phases(clock.now())


@shared_task(name="promotions.fail_due_teams", time_limit=240)
def fail_due_teams() -> int:
    """End the teams of group buys whose time is over."""
    return services.fail_due_teams(clock.now())
