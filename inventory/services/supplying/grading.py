"""One card a supplier and month, its grade, and warnings while the month still runs.

Source: I-26, I-27, I-28.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Sum

from inventory.models import Supplier, SupplierAlert, SupplierFact, SupplierScorecard
from inventory.scoring import Card, Rules, Tally, score_card, warnings_of
from inventory.selectors.sourcing import score_rules, supplier_policy
from inventory.services.supplying.alarming import Cause, settle_alerts
from mall.kernel import clock

Fact, Alert = SupplierFact.Kind, SupplierAlert.Kind
RATES = (Alert.FULFILMENT, Alert.QUALITY, Alert.RESPONSE)
Tallies = dict[str, Tally]


def month_of(day: date) -> date:
    """The first day of a day's month."""
    return day.replace(day=1)


def month_before(month: date) -> date:
    """The first day of the month before."""
    return month_of(month - timedelta(days=1))


def month_bounds(month: date) -> tuple[datetime, datetime]:
    """The half-open interval of a month in Shanghai, as UTC instants."""
    following = month_of(month + timedelta(days=31))
    return clock.bounds(month)[0], clock.bounds(following)[0]


def grade_suppliers(at: datetime) -> int:
    """Write the cards of the last month and of the running one; returns how many.

    The grade follows the last whole month, warnings follow the running one. Running it again
    writes the same rows. Queries: 9 and those of new alerts, however many suppliers.
    """
    running = month_of(clock.day_of(at))
    last = month_before(running)
    rules = score_rules(supplier_policy())
    with transaction.atomic():
        whole = _cards(last, rules)
        _grade(whole, last)
        now = _cards(running, rules)
        _write(whole, last, at)
        _write(now, running, at)
        _warn(now, rules, at)
    return len(whole) + len(now)


def _cards(month: date, rules: Rules) -> dict[int, tuple[Tallies, Card]]:
    """Tallies and card by supplier id. Queries: 1."""
    start, end = month_bounds(month)
    rows = (
        SupplierFact.objects.filter(at__gte=start, at__lt=end)
        .order_by()
        .values_list("supplier_id", "kind")
        .annotate(good=Sum("good"), total=Sum("total"))
    )
    tallies: dict[int, Tallies] = defaultdict(dict)
    for supplier_id, kind, good, total in rows:
        tallies[supplier_id][kind] = Tally(good, total)
    return {pk: (of, _card(of, rules)) for pk, of in tallies.items()}


def _card(of: Mapping[str, Tally], rules: Rules) -> Card:
    nothing = Tally()
    return score_card(
        of.get(Fact.SHIPPED, nothing),
        of.get(Fact.INSPECTED, nothing),
        of.get(Fact.ANSWERED, nothing),
        rules,
    )


def _write(cards: Mapping[int, tuple[Tallies, Card]], month: date, at: datetime) -> None:
    rows = [_row(pk, month, of, card, at) for pk, (of, card) in sorted(cards.items())]
    fields = [f.name for f in SupplierScorecard._meta.concrete_fields]
    SupplierScorecard.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["supplier", "month"],
        update_fields=[name for name in fields if name not in ("id", "supplier", "month")],
    )


def _row(pk: int, month: date, of: Tallies, card: Card, at: datetime) -> SupplierScorecard:
    nothing = Tally()
    return SupplierScorecard(
        supplier_id=pk,
        month=month,
        shipped=of.get(Fact.SHIPPED, nothing).total,
        fulfilment_bp=card.fulfilment_bp,
        inspected=of.get(Fact.INSPECTED, nothing).total,
        quality_bp=card.quality_bp,
        answered=of.get(Fact.ANSWERED, nothing).total,
        response_bp=card.response_bp,
        score=card.score,
        grade=card.grade,
        computed_at=at,
    )


def _grade(cards: Mapping[int, tuple[Tallies, Card]], month: date) -> None:
    """Give each supplier its month's grade. Locks: the suppliers, pk order."""
    suppliers = list(Supplier.objects.filter(pk__in=list(cards)).locked())
    graded = [supplier for supplier in suppliers if cards[supplier.pk][1].grade]
    for supplier in graded:
        supplier.grade, supplier.graded_on = cards[supplier.pk][1].grade, month
    Supplier.objects.bulk_update(graded, ["grade", "graded_on"])


def _warn(cards: Mapping[int, tuple[Tallies, Card]], rules: Rules, at: datetime) -> None:
    wanted = {
        Cause(pk, kind): figures
        for pk, (_of, card) in cards.items()
        for kind, figures in warnings_of(card, rules).items()
    }
    settle_alerts(kinds=_names(RATES), wanted=wanted, at=at)


def _names(kinds: Iterable[str]) -> list[str]:
    return [str(kind) for kind in kinds]
