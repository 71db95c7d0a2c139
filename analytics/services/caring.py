"""Care plans: switched on by operators, run by beat. Source: P-06, P-07, P-09, M-18, P-63.

A batch writes its runs and gives its coupons in one transaction: a kill -9 anywhere repeats nothing
and loses nothing, and a cause is met once, by constraint.
"""

import logging
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from analytics.messages import CARE
from analytics.metrics.quiet import is_quiet
from analytics.models import CarePlan, CareRun
from analytics.selectors.caring import care_candidates
from mall.kernel import audit, clock
from mall.kernel.errors import InvalidInput, NotFound, ShopError
from promotions.models import Coupon, CouponGrant
from promotions.services import Words, issue_coupons

logger = logging.getLogger(__name__)

Kind = CarePlan.Kind
SOURCE = "care"
BATCH = 500
PROMPT_CARE = (Kind.UNPAID, Kind.CART)
"""Kinds that cannot wait for the hour."""
SLOW_CARE = (Kind.REPURCHASE, Kind.BIRTHDAY, Kind.DORMANT)
FIELDS = (
    "kind", "title", "coupon_id", "wait_minutes", "from_fen", "to_fen", "category_ids",
)  # fmt: skip
ROUTES = {Kind.UNPAID: "storefront:orders", Kind.CART: "storefront:cart"}


@transaction.atomic
def save_care_plan(
    *, plan: CarePlan, changed: Collection[str], at: datetime, actor: Any = None
) -> CarePlan:
    """Write a plan, or what is ``changed`` of one. A plan that is on keeps its kind.

    Raises: InvalidInput.
    """
    before: dict[str, Any] = {}
    if plan.pk is not None:
        stored = CarePlan.objects.filter(pk=plan.pk).locked().get()
        before = _facts(stored)
        if stored.is_on and {"kind", "coupon"} & set(changed):
            raise InvalidInput(field="kind", allowed=stored.get_kind_display())
        plan.is_on, plan.on_since = stored.is_on, stored.on_since
    plan.save()
    audit.record(
        actor=actor,
        verb="analytics.save_care_plan",
        target=plan,
        before=before,
        after=_facts(plan),
        at=at,
    )
    return plan


@transaction.atomic
def switch_care_plan(*, plan_id: int, on: bool, at: datetime, actor: Any = None) -> CarePlan:
    """Switch a plan on or off; switched on, it looks at what becomes due from now on.

    Locks: the plan. Raises: NotFound, InvalidInput for a plan without a coupon that is given out.
    """
    plan = CarePlan.objects.filter(pk=plan_id).locked().first()
    if plan is None:
        raise NotFound
    if plan.is_on == on:
        return plan
    coupons = Coupon.objects.open_at(at).filter(pk=plan.coupon_id)
    if on and not coupons.exists():
        raise InvalidInput(field="coupon", allowed=str(Coupon.Status.LIVE.label))
    plan.is_on, plan.on_since = on, at if on else None
    plan.save(update_fields=["is_on", "on_since"])
    audit.record(
        actor=actor,
        verb="analytics.switch_care_plan",
        target=plan,
        before={"is_on": not on},
        after={"is_on": on},
        at=at,
    )
    return plan


def run_care(at: datetime, kinds: Sequence[str]) -> int:
    """Run every plan of these kinds that is on; returns the coupons given.

    Only an order about to close speaks at night. A plan that cannot give leaves the others alone.
    """
    if is_quiet(at.astimezone(clock.SHANGHAI).time()):
        kinds = [kind for kind in kinds if kind == Kind.UNPAID]
    plans = CarePlan.objects.switched_on().filter(kind__in=kinds).order_by("pk")
    return sum(_run_quietly(pk, at) for pk in list(plans.values_list("pk", flat=True)))


def _run_quietly(plan_id: int, at: datetime) -> int:
    given = 0
    try:
        while (batch := _run_batch(plan_id, at)) is not None:
            given += batch
    except ShopError:
        logger.exception("care plan %s cannot give; the next run tries again", plan_id)
    return given


@transaction.atomic
def _run_batch(plan_id: int, at: datetime) -> int | None:
    """Meet the next 500; None when nobody is due. Locks: the plan (None when another worker holds
    it), then as issue_coupons()."""
    plans = CarePlan.objects.switched_on().filter(pk=plan_id)
    plan = plans.select_for_update(of=("self",), no_key=True, skip_locked=True).first()
    if plan is None or plan.coupon_id is None:
        return None
    pairs = care_candidates(plan, at, BATCH)
    if not pairs:
        return None
    runs = CareRun.objects.bulk_create(
        [
            CareRun(
                plan=plan, member_id=member_id, cause=cause, outcome=CareRun.Outcome.GIVEN, at=at
            )
            for member_id, cause in pairs
        ]
    )
    return _give(plan, runs, at)


def _give(plan: CarePlan, runs: Sequence[CareRun], at: datetime) -> int:
    assert plan.coupon_id is not None, "a plan that is on has a coupon"
    cause = f"{plan.pk}:{runs[0].pk}"
    kind = Kind(plan.kind)
    given = issue_coupons(
        coupon_id=plan.coupon_id,
        member_ids=[run.member_id for run in runs],
        source_type=SOURCE,
        source_id=cause,
        channel=f"care:{plan.pk}",
        words=Words(CARE[kind].code, ROUTES.get(kind, "storefront:my_coupons")),
        at=at,
    )
    if given < len(runs):
        served = CouponGrant.objects.filter(
            coupon=plan.coupon_id, source_type=SOURCE, source_id=cause, member=OuterRef("member")
        )
        without = CareRun.objects.filter(pk__in=[run.pk for run in runs])
        without.filter(~Exists(served)).update(outcome=CareRun.Outcome.LIMIT)
    return given


def _facts(plan: CarePlan) -> dict[str, Any]:
    return {name: getattr(plan, name) for name in FIELDS}
