"""Plans of big promotions: written, agreed on team by team, approved, dropped; a plan that is not
approved keeps its campaigns from starting. Source: requirements P-42 to P-44, P-47.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from mall.kernel import audit
from mall.kernel.errors import InvalidInput, NotFound
from promotions.errors import CampaignWrongStatus, PlanNotReady, SecondPersonNeeded
from promotions.models import CampaignPlan, PlanCheck, PlanForecast, PlanPhase
from promotions.services.campaigning_approval import said_reason
from promotions.services.plan_messages import check_messages, check_titles, messages_of
from promotions.services.pricing import approval_limit

Status = CampaignPlan.Status
FIELDS = (
    "title_zh", "title_en", "event_id", "goal", "rules_text", "gmv_target_fen",
    "profit_target_fen", "budget_fen", "owner_id", "preheat_at", "burst_at", "long_tail_at",
    "ends_at",
)  # fmt: skip
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanValues:
    """What an operator says of a plan. Rows are columns of their model; one with a ``pk`` stays the
    row it was. A check has ``done`` beside its columns."""

    title_zh: str
    title_en: str
    preheat_at: datetime
    burst_at: datetime
    long_tail_at: datetime
    ends_at: datetime
    event_id: int | None = None
    goal: str = ""
    rules_text: str = ""
    gmv_target_fen: int = 0
    profit_target_fen: int = 0
    budget_fen: int = 0
    owner_id: int | None = None
    review_text: str = ""
    checks: Sequence[Row] = field(default_factory=tuple)
    phases: Sequence[Row] = field(default_factory=tuple)
    forecasts: Sequence[Row] = field(default_factory=tuple)


@transaction.atomic
def save_plan(
    *, values: PlanValues, at: datetime, actor: Any = None, plan_id: int | None = None
) -> CampaignPlan:
    """Write a plan with its checklist, messages and forecasts.

    Other figures, dates or messages make an approved plan a draft again; ticks, the review and
    forecasts do not. A message that went out stays as it is. Locks: the plan, then its messages.
    Raises: NotFound, InvalidInput, PlanMessageSent, TextsRefused.
    """
    plan = CampaignPlan(maker=actor) if plan_id is None else _locked(plan_id)
    check_messages(plan, values.phases)
    before = _facts(plan)
    for name in FIELDS:
        setattr(plan, name, getattr(values, name))
    plan.review_text = values.review_text
    check_titles(plan)
    _check_dates(plan)
    plan.save()
    _put_checks(plan, values.checks, actor, at)
    _put_rows(plan, PlanPhase, values.phases)
    if _put_rows(plan, PlanForecast, values.forecasts):
        plan.stock_confirmed_at = plan.stock_confirmed_by = None
    after = _facts(plan)
    if plan_id is not None and after != before:
        plan.version += 1
        plan.status, plan.checker = Status.DRAFT, None
        plan.maker = actor or plan.maker
    plan.save()
    _note("promotions.save_plan", plan, actor, at, before=before, after=after)
    return plan


@transaction.atomic
def submit_plan(*, plan_id: int, at: datetime, actor: Any = None) -> CampaignPlan:
    """Hand it over for approval, agreed on by every team. Locks: the plan. Raises: NotFound,
    CampaignWrongStatus, PlanNotReady."""
    plan = _locked(plan_id)
    _expect(plan, Status.DRAFT)
    _check_agreed(plan)
    return _turn(plan, Status.IN_REVIEW, "promotions.submit_plan", actor, at)


@transaction.atomic
def approve_plan(*, plan_id: int, at: datetime, actor: Any = None) -> CampaignPlan:
    """Say yes: its campaigns may start. Locks: the plan. Raises: NotFound, CampaignWrongStatus,
    PlanNotReady, SecondPersonNeeded."""
    plan = _locked(plan_id)
    _expect(plan, Status.IN_REVIEW)
    _check_agreed(plan)
    limit = approval_limit()
    is_large = limit is not None and not 0 < plan.budget_fen <= limit
    if is_large and (actor is None or actor.pk == plan.maker_id):
        raise SecondPersonNeeded(title=plan.title_zh)
    plan.checker = actor
    return _turn(plan, Status.APPROVED, "promotions.approve_plan", actor, at)


@transaction.atomic
def return_plan(*, plan_id: int, reason: str, at: datetime, actor: Any = None) -> CampaignPlan:
    """Send it back, and say why. Locks: the plan. Raises: NotFound, CampaignWrongStatus,
    InvalidInput without a reason."""
    plan = _locked(plan_id)
    _expect(plan, Status.IN_REVIEW, Status.APPROVED)
    plan.reason, plan.checker = said_reason(reason), None
    return _turn(plan, Status.DRAFT, "promotions.return_plan", actor, at)


@transaction.atomic
def drop_plan(*, plan_id: int, reason: str, at: datetime, actor: Any = None) -> CampaignPlan:
    """Give it up, and say why; campaigns of it that are live are paused by hand. Locks: the plan.
    Raises: NotFound, CampaignWrongStatus, InvalidInput without a reason."""
    plan = _locked(plan_id)
    _expect(plan, Status.DRAFT, Status.IN_REVIEW, Status.APPROVED)
    plan.reason = said_reason(reason)
    return _turn(plan, Status.DROPPED, "promotions.drop_plan", actor, at)


@transaction.atomic
def confirm_stock(*, plan_id: int, reason: str, at: datetime, actor: Any = None) -> CampaignPlan:
    """Start in spite of the shortages that were listed. Locks: the plan. Raises: NotFound,
    InvalidInput without a reason."""
    plan = _locked(plan_id)
    text = said_reason(reason)
    plan.stock_confirmed_at, plan.stock_confirmed_by = at, actor
    plan.save(update_fields=["stock_confirmed_at", "stock_confirmed_by"])
    _note("promotions.confirm_stock", plan, actor, at, reason=text)
    return plan


def _locked(plan_id: int) -> CampaignPlan:
    plan = CampaignPlan.objects.filter(pk=plan_id).locked().first()
    if plan is None:
        raise NotFound
    return plan


def _expect(plan: CampaignPlan, *statuses: str) -> None:
    if plan.status not in statuses:
        raise CampaignWrongStatus(title=plan.title_zh, status=str(Status(plan.status).label))


def _check_dates(plan: CampaignPlan) -> None:
    moments = (plan.preheat_at, plan.burst_at, plan.long_tail_at, plan.ends_at)
    if plan.burst_at >= plan.long_tail_at or list(moments) != sorted(moments):
        raise InvalidInput(
            field="burst_at", allowed=_("preheat, burst, long tail and review one after another")
        )


def _check_agreed(plan: CampaignPlan) -> None:
    """Every team has a point on the checklist and every point is ticked. Raises: PlanNotReady."""
    checks = list(plan.checks.all())
    missing = [team for team in PlanCheck.Team if team not in {check.team for check in checks}]
    if missing:
        teams = ", ".join(str(team.label) for team in missing)
        reason = _("the checklist has nothing of: %(teams)s") % {"teams": teams}
        raise PlanNotReady(title=plan.title_zh, reason=reason)
    waiting = [check.text for check in checks if check.done_at is None]
    if waiting:
        reason = _("not done yet: %(points)s") % {"points": "; ".join(waiting[:5])}
        raise PlanNotReady(title=plan.title_zh, reason=reason)


def _put_checks(plan: CampaignPlan, rows: Iterable[Row], actor: Any, at: datetime) -> None:
    """Write the checklist; who ticks a point is remembered, who takes the tick away too."""
    held = {check.pk: check for check in plan.checks.all()}
    kept = []
    for row in rows:
        check = held.get(row.get("pk") or 0) or PlanCheck(plan=plan)
        check.team, check.text, check.sort = row["team"], row["text"], row.get("sort") or 0
        if row.get("done") and check.done_at is None:
            check.done_at, check.done_by = at, actor
        elif not row.get("done"):
            check.done_at = check.done_by = None
        check.save()
        kept.append(check.pk)
    plan.checks.exclude(pk__in=kept).delete()


def _put_rows(plan: CampaignPlan, model: type[models.Model], rows: Iterable[Row]) -> bool:
    """Write ``rows`` in place of those there were; True when anything differs."""
    manager = model._default_manager
    columns = [one.attname for one in model._meta.concrete_fields if not one.primary_key]
    held = {row.pk: row for row in manager.filter(plan=plan)}
    before = {pk: [getattr(row, name) for name in columns] for pk, row in held.items()}
    after = {}
    for row in rows:
        found = held.get(row.get("pk") or 0) or model(plan=plan)
        for name, value in row.items():
            if name != "pk":
                setattr(found, name, value)
        found.save()
        after[found.pk] = [getattr(found, name) for name in columns]
    manager.filter(plan=plan).exclude(pk__in=after).delete()
    return before != after


def _turn(plan: CampaignPlan, status: str, verb: str, actor: Any, at: datetime) -> CampaignPlan:
    before, plan.status = plan.status, status
    plan.save()
    _note(
        verb, plan, actor, at,
        before={"status": before}, after={"status": status, "version": plan.version},
        reason=plan.reason,
    )  # fmt: skip
    return plan


def _note(verb: str, plan: CampaignPlan, actor: Any, at: datetime, **facts: Any) -> None:
    audit.record(actor=actor, verb=verb, target=plan, at=at, **facts)


def _facts(plan: CampaignPlan) -> dict[str, Any]:
    """What the approval of a plan is of. Queries: 1."""
    return {**{name: getattr(plan, name) for name in FIELDS}, "messages": messages_of(plan)}
