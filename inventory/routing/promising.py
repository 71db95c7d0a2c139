"""When goods arrive: 同城当日达, 次日达, 跨省72小时达. Pure. Source: O-52, I-17, I-18, I-19.

A day promise holds until the end of a Shanghai day and for orders that are paid before a cut-off;
hours run from the payment. ``Promise.due_at`` is the one rule by which parcels are measured.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from inventory.routing.houses import House, Policy
from inventory.routing.places import is_same_city
from inventory.routing.planning import Plan

SHANGHAI = ZoneInfo("Asia/Shanghai")
SAME_DAY, NEXT_DAY, SECOND_DAY = "same_day", "next_day", "second_day"
WITHIN_HOURS = "within_hours"
DAYS = {SAME_DAY: 0, NEXT_DAY: 1, SECOND_DAY: 2}


@dataclass(frozen=True, slots=True)
class Promise:
    """What is promised at ``made_at``; paid after ``pay_by``, ``later_code`` and ``later_at``."""

    code: str
    made_at: datetime
    due: datetime
    pay_by: datetime | None = None
    later_code: str = ""
    later: datetime | None = None

    def code_at(self, paid_at: datetime) -> str:
        """What holds for an order that is paid then."""
        return self.later_code if self._is_late(paid_at) else self.code

    def due_at(self, paid_at: datetime) -> datetime:
        """Until when an order that is paid then arrives."""
        if self.code == WITHIN_HOURS:
            return self.due + (max(paid_at, self.made_at) - self.made_at)
        return self.later if self.later and self._is_late(paid_at) else self.due

    @property
    def hours(self) -> int:
        """The hours of a promise that is made in hours."""
        return round((self.due - self.made_at) / timedelta(hours=1))

    def arrives_on(self, paid_at: datetime) -> date:
        """The last day on which goods that are paid then arrive."""
        return (self.due_at(paid_at) - timedelta(seconds=1)).astimezone(SHANGHAI).date()

    def _is_late(self, paid_at: datetime) -> bool:
        return self.pay_by is not None and paid_at >= self.pay_by


def promise(house: House, region_code: str, at: datetime, policy: Policy) -> Promise:
    """What one warehouse promises an address for an order paid at ``at``."""
    if is_same_city(region_code, house.region_code):
        return _by_day(house.cut_off, SAME_DAY, NEXT_DAY, at)
    if house.next_day_until is not None:
        return _by_day(house.next_day_until, NEXT_DAY, SECOND_DAY, at)
    return Promise(WITHIN_HOURS, at, at + timedelta(hours=policy.promise_hours))


def promises_of(plan: Plan, region_code: str, at: datetime, policy: Policy) -> dict[int, Promise]:
    """What each warehouse of a plan promises, by its id, in the order asked."""
    houses = {one.house.id: one.house for one in plan.houses}
    return {pk: promise(houses[pk], region_code, at, policy) for pk in plan.house_ids}


def promise_of(plan: Plan, region_code: str, at: datetime, policy: Policy) -> Promise:
    """What a whole plan promises: its last parcel."""
    return slowest(promises_of(plan, region_code, at, policy).values())


def slowest(promises: Iterable[Promise]) -> Promise:
    """What several parcels promise together: the last of them. Raises: ValueError for none."""
    return max(promises, key=lambda one: (one.due, one.pay_by is None))


def _by_day(cut_off: time, before: str, after: str, at: datetime) -> Promise:
    """``before`` the cut-off of its day, ``after`` from then on until the next day's cut-off."""
    today = at.astimezone(SHANGHAI)
    closes = _at_time(today, cut_off)
    if today < closes:
        return Promise(before, at, _end(today, before), closes, after, _end(today, after))
    morrow = today + timedelta(days=1)
    closes = _at_time(morrow, cut_off)
    return Promise(after, at, _end(today, after), closes, after, _end(morrow, after))


def _at_time(day: datetime, clock: time) -> datetime:
    return datetime.combine(day.date(), clock, SHANGHAI)


def _end(day: datetime, code: str) -> datetime:
    """The midnight after the day on which goods arrive."""
    return _at_time(day + timedelta(days=DAYS[code] + 1), time(0))
