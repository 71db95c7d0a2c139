"""Every provider's daily bill against our book: missing, extra, different. Source: F-32, O-41.

Nothing is mended here: a difference is a row for somebody to look at. One that is gone at the next
comparison (a bill that came late) says so by itself.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from mall.kernel import audit, clock
from mall.kernel.errors import Conflict
from members.models import Account
from orders.models import BillFinding, DailyBill, Payment, Refund
from orders.providers import NONE, ProviderUnavailable, StatementLine, known, provider_of

Kind, State = BillFinding.Kind, BillFinding.State
DAYS_BACK = 3
"""A bill is there the next morning; one that was not is asked for again this many days."""
Key = tuple[bool, str]
"""Whether it is a refund, and its number."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One movement that bill and book do not tell alike. Amounts in fen, None: not there."""

    kind: str
    is_refund: bool
    number: str
    our_fen: int | None
    their_fen: int | None


def differences(ours: Mapping[Key, int], theirs: Mapping[Key, int]) -> list[Difference]:
    """What bill and book do not tell alike, by number."""
    found = []
    for key in sorted(ours.keys() | theirs.keys()):
        our_fen, their_fen = ours.get(key), theirs.get(key)
        if our_fen == their_fen:
            continue
        kind = Kind.DIFFERENT
        if our_fen is None or their_fen is None:
            kind = Kind.EXTRA if our_fen is None else Kind.MISSING
        found.append(Difference(kind, *key, our_fen, their_fen))
    return found


def reconcile_bills(at: datetime) -> int:
    """Compare the bills of the last days that were not compared yet; returns how many were."""
    return sum(_reconcile_quietly(code, day, at) for code in known() for day in _days(at))


def _days(at: datetime) -> list[date]:
    today = clock.day_of(at)
    return [today - timedelta(days=back) for back in range(DAYS_BACK, 0, -1)]


def _reconcile_quietly(code: str, day: date, at: datetime) -> bool:
    """False for a day that is done, or whose bill is not there: the next run asks again."""
    if DailyBill.objects.filter(provider=code, day=day).exists():
        return False
    try:
        return reconcile_day(provider=code, day=day, at=at) is not None
    except ProviderUnavailable:
        return False


def reconcile_day(*, provider: str, day: date, at: datetime) -> DailyBill | None:
    """Compare one provider's bill of one business day with our book; None while there is no bill
    and nothing of ours to compare.

    Call it outside transactions. Raises: ProviderUnavailable.
    """
    seller = provider_of(provider)
    if seller is None:
        return None
    lines = seller.statement(day, at=at)
    ours = _our_book(provider, day)
    if lines is None and ours:
        raise ProviderUnavailable("no bill for a day with payments")
    if lines is None:
        return None
    theirs = _by_key(lines)
    ours |= _of_other_days(provider, theirs.keys() - ours.keys())
    if ours.keys() - theirs.keys():
        before = _by_key(seller.statement(day - timedelta(days=1), at=at) or ())
        ours = {key: fen for key, fen in ours.items() if key in theirs or before.get(key) != fen}
    return _compare(provider, day, ours, theirs, at)


def _by_key(lines: Iterable[StatementLine]) -> dict[Key, int]:
    """Fen by number; what a bill says twice adds up, so that it differs."""
    found: dict[Key, int] = {}
    for line in lines:
        key = (line.is_refund, line.number)
        found[key] = found.get(key, 0) + line.amount_fen
    return found


def _our_book(provider: str, day: date) -> dict[Key, int]:
    """What we believe moved on a business day. Queries: 2."""
    assert provider != NONE, "orders that cost nothing have no bill"
    start, end = clock.bounds(day)
    return _booked(provider, Q(succeeded_at__gte=start, succeeded_at__lt=end))


def _of_other_days(provider: str, keys: Collection[Key]) -> dict[Key, int]:
    """What the bill has and we booked on another day: a notice after midnight, a late answer."""
    numbers = [number for _is_refund, number in keys]
    found = _booked(provider, Q(payment_no__in=numbers), Q(refund_no__in=numbers))
    return {key: fen for key, fen in found.items() if key in keys}


def _booked(provider: str, of_payments: Q, of_refunds: Q | None = None) -> dict[Key, int]:
    """Fen by number of what succeeded. Queries: 2."""
    paid = Payment.objects.filter(of_payments, provider=provider, status=Payment.Status.SUCCEEDED)
    back = Refund.objects.filter(
        of_refunds or of_payments, payment__provider=provider, status=Refund.Status.SUCCEEDED
    )
    found = {(False, number): fen for number, fen in paid.values_list("payment_no", "amount_fen")}
    return found | {
        (True, number): fen for number, fen in back.values_list("refund_no", "amount_fen")
    }


@transaction.atomic
def _compare(
    provider: str,
    day: date,
    ours: Mapping[Key, int],
    theirs: Mapping[Key, int],
    at: datetime,
) -> DailyBill:
    """Write the comparison down. Locks: the bill. Queries: 4 and one a change."""
    sums = {
        "lines": len(theirs),
        "paid_fen": _sum(theirs, is_refund=False),
        "refunded_fen": _sum(theirs, is_refund=True),
        "our_paid_fen": _sum(ours, is_refund=False),
        "our_refunded_fen": _sum(ours, is_refund=True),
        "compared_at": at,
    }
    DailyBill.objects.bulk_create(
        [DailyBill(provider=provider, day=day, compared_at=at)], ignore_conflicts=True
    )
    bill = DailyBill.objects.filter(provider=provider, day=day).locked().get()
    DailyBill.objects.filter(pk=bill.pk).update(**sums)
    _write(bill, differences(ours, theirs), at)
    bill.refresh_from_db()
    return bill


def _write(bill: DailyBill, found: list[Difference], at: datetime) -> None:
    """New differences open; those that are not there any more are gone; solved ones stay."""
    keys = {(one.is_refund, one.number) for one in found}
    known_rows = {(row.is_refund, row.number): row for row in bill.findings.locked()}
    gone = [row.pk for key, row in known_rows.items() if key not in keys]
    BillFinding.objects.filter(pk__in=gone, state=State.OPEN).update(state=State.GONE)
    for one in found:
        row = known_rows.get((one.is_refund, one.number))
        values = {"kind": one.kind, "our_fen": one.our_fen, "their_fen": one.their_fen}
        if row is None:
            BillFinding.objects.create(
                bill=bill, is_refund=one.is_refund, number=one.number, found_at=at, **values
            )
        elif row.state == State.GONE or (row.kind, row.our_fen, row.their_fen) != (
            one.kind,
            one.our_fen,
            one.their_fen,
        ):
            BillFinding.objects.filter(pk=row.pk).update(state=State.OPEN, **values)


def _sum(book: Mapping[Key, int], *, is_refund: bool) -> int:
    return sum(fen for (back, _number), fen in book.items() if back == is_refund)


@transaction.atomic
def solve_finding(*, finding: BillFinding, note: str, actor: Account, at: datetime) -> None:
    """Somebody has looked, and says what it was. Locks: the finding. Raises: Conflict when it is
    not open any more."""
    row = BillFinding.objects.filter(pk=finding.pk).locked().get()
    if row.state != State.OPEN:
        raise Conflict
    row.state, row.note, row.solved_by, row.solved_at = State.SOLVED, note[:200], actor, at
    row.save(update_fields=["state", "note", "solved_by", "solved_at"])
    audit.record(
        actor=actor,
        verb="orders.solve_bill_finding",
        target=row,
        at=at,
        before={"state": State.OPEN},
        after={"state": State.SOLVED, "note": row.note},
    )
