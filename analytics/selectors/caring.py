"""Whom a care plan would reach now: (member, cause) pairs that it has not met yet.

Source: P-06, P-07, P-09, M-18. A cause is met once (CareRun), so the pairs are those of
the moment: an order that was paid, a cart that was ordered are not among them any more.
"""

from calendar import isleap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    BigIntegerField,
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Concat

from analytics.models import CarePlan, CareRun
from mall.kernel import clock
from members.models import Member
from orders.models import Cart, Order
from promotions.models import CouponGrant

LOOKBACK = timedelta(days=3)
"""How far a run looks back for what was due: longer than any stop of the worker."""
REST = timedelta(hours=24)
"""Between two approaches of one member, but for an order that is about to close (P-63)."""
Pair = tuple[int, str]
Kind = CarePlan.Kind


@dataclass(frozen=True, slots=True)
class _Due:
    """What began in here is due: waited long enough, and not before the plan was switched on."""

    after: datetime
    until: datetime


def care_candidates(plan: CarePlan, at: datetime, limit: int) -> list[Pair]:
    """Members whom ``plan`` should reach at ``at``, each once. Queries: 1."""
    pairs: dict[int, str] = {}
    for member_id, cause in FINDERS[Kind(plan.kind)](plan, at)[:limit]:
        pairs.setdefault(member_id, cause)
    return sorted(pairs.items())


def with_figures(plans: QuerySet[CarePlan]) -> QuerySet[Any]:
    """Plans with ``given``, ``used`` (copies) and ``off_fen``, what those took off. Queries: 0."""
    runs = CareRun.objects.filter(plan=OuterRef("pk"), outcome=CareRun.Outcome.GIVEN)
    used = CouponGrant.objects.filter(
        channel=Concat(Value("care:"), Cast(OuterRef("pk"), CharField())),
        state=CouponGrant.State.USED,
    )
    return plans.annotate(
        given=_counted(runs, Count("pk")),
        used=_counted(used, Count("pk")),
        off_fen=_counted(used, Sum("off_fen")),
    )


def _counted(rows: QuerySet[Any], figure: Any) -> Coalesce:
    one = rows.order_by().annotate(one=Value(1)).values("one").annotate(figure=figure)
    return Coalesce(Subquery(one.values("figure")), 0, output_field=BigIntegerField())


def _due(plan: CarePlan, at: datetime) -> _Due:
    wait = timedelta(minutes=plan.wait_minutes)
    assert plan.on_since is not None, "a plan that is on began to be"
    return _Due(max(plan.on_since - wait, at - wait - LOOKBACK), at - wait)


def _not_met(rows: QuerySet[Any], plan: CarePlan, cause: Any, at: datetime) -> Any:
    """(member, cause) of rows whose cause the plan has not met, and whose member has rest."""
    met = CareRun.objects.filter(
        plan=plan, member=OuterRef("member_id"), cause=OuterRef("care_cause")
    )
    found = rows.annotate(care_cause=cause).filter(~Exists(met))
    if plan.kind != Kind.UNPAID:
        approached = CareRun.objects.filter(
            member=OuterRef("member_id"), at__gt=at - REST, outcome=CareRun.Outcome.GIVEN
        )
        found = found.filter(~Exists(approached))
    return found.order_by("pk").values_list("member_id", "care_cause")


def _in_band(plan: CarePlan, column: str) -> Q:
    band = Q(**{f"{column}__gte": plan.from_fen})
    return band if plan.to_fen is None else band & Q(**{f"{column}__lte": plan.to_fen})


def _unpaid(plan: CarePlan, at: datetime) -> Any:
    """Orders that can still be paid."""
    due = _due(plan, at)
    orders = Order.objects.filter(
        _in_band(plan, "payable_fen"),
        status=Order.Status.UNPAID,
        stage="",
        expires_at__gt=at,
        placed_at__gt=due.after,
        placed_at__lte=due.until,
        member__account__is_active=True,
    )
    return _not_met(orders, plan, Concat(Value("order:"), F("number")), at)


def _cart(plan: CarePlan, at: datetime) -> Any:
    """Carts with goods, untouched since, whose owner has ordered nothing since."""
    due = _due(plan, at)
    ordered = Order.objects.filter(
        member=OuterRef("member_id"), placed_at__gte=OuterRef("updated_at")
    )
    carts = Cart.objects.filter(
        updated_at__gt=due.after,
        updated_at__lte=due.until,
        member__account__is_active=True,
    ).filter(~Exists(ordered))
    if plan.category_ids:
        carts = carts.filter(
            pk__in=Cart.objects.filter(
                lines__sku__product__category__path_ids__overlap=plan.category_ids
            ).values("pk")
        )
    worth = Sum(F("lines__added_price_fen") * F("lines__quantity"))
    carts = carts.annotate(worth_fen=worth).filter(_in_band(plan, "worth_fen"))
    cause = Concat(
        Value("cart:"), Cast(F("pk"), CharField()), Value(":"), Cast(F("version"), CharField())
    )
    return _not_met(carts, plan, cause, at)


def _repurchase(plan: CarePlan, at: datetime) -> Any:
    """Orders that are completed."""
    due = _due(plan, at)
    orders = Order.objects.filter(
        _in_band(plan, "paid_fen"),
        status=Order.Status.COMPLETED,
        completed_at__gt=due.after,
        completed_at__lte=due.until,
        member__account__is_active=True,
    )
    return _not_met(orders, plan, Concat(Value("order:"), F("number")), at)


def _birthday(plan: CarePlan, at: datetime) -> Any:
    """Members whose birthday is today; the 29th of February is kept on the 28th between."""
    today = clock.day_of(at)
    days = Q(birthday__month=today.month, birthday__day=today.day)
    if (today.month, today.day) == (2, 28) and not isleap(today.year):
        days |= Q(birthday__month=2, birthday__day=29)
    members = Member.objects.filter(days, account__is_active=True).annotate(member_id=F("pk"))
    return _not_met(members, plan, Value(f"birthday:{today.year}", CharField()), at)


def _dormant(plan: CarePlan, at: datetime) -> Any:
    """Members who bought once, and not for so long: once each time they fall silent."""
    silent_since = at - timedelta(minutes=plan.wait_minutes)
    paid = Order.objects.filter(member=OuterRef("pk"), paid_at__isnull=False)
    last = paid.order_by("-paid_at", "-pk").values("pk")[:1]
    members = (
        Member.objects.filter(account__is_active=True)
        .filter(Exists(paid), ~Exists(paid.filter(paid_at__gt=silent_since)))
        .annotate(member_id=F("pk"), last_order_id=Subquery(last))
    )
    return _not_met(members, plan, Concat(Value("after:"), Cast("last_order_id", CharField())), at)


FINDERS: Mapping[str, Callable[[CarePlan, datetime], Any]] = {
    Kind.UNPAID: _unpaid,
    Kind.CART: _cart,
    Kind.REPURCHASE: _repurchase,
    Kind.BIRTHDAY: _birthday,
    Kind.DORMANT: _dormant,
}
