"""The hours in which nobody is approached. Source: requirement P-63."""

from datetime import time

QUIET_FROM, QUIET_UNTIL = time(22), time(8)


def is_quiet(moment: time) -> bool:
    """True from 22:00 until before 8:00, by the clock on the wall."""
    return moment >= QUIET_FROM or moment < QUIET_UNTIL
