"""The messages of approved plans go out when their time has come. Source: requirement P-43.

Inbox and text message reach the phase's audience by themselves. A live show, a chat group and a
banner are made by people: the plan's owner is told that theirs is due. The dry run shows the same
beforehand (`promotions.selectors.dry_run`).
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation

from mall.kernel.notify import notify
from promotions.messages import PLAN_BY_HAND, PLAN_NOTICE, PLAN_SMS
from promotions.models import CampaignPlan, PlanPhase
from promotions.selectors.plans import audience_of

LATE = timedelta(hours=24)
"""What should have gone out longer ago (its plan was approved too late) is told to nobody."""
BATCH = 1_000
Channel = PlanPhase.Channel
TEMPLATES = {Channel.INBOX: PLAN_NOTICE, Channel.SMS: PLAN_SMS}


def send_due_phases(at: datetime, limit: int = 50) -> int:
    """Send what plans that are approved have to say now; returns how many people were told.

    Each phase once, in a transaction of its own.
    """
    return sum(_send(pk, at) for pk in _due_ids(at, limit))


def _due(at: datetime) -> QuerySet[PlanPhase]:
    """Messages of approved plans whose time has come and is not long gone."""
    return PlanPhase.objects.filter(
        plan__status=CampaignPlan.Status.APPROVED,
        sent_at=None,
        send_at__lte=at,
        send_at__gt=at - LATE,
    )


def _due_ids(at: datetime, limit: int) -> list[int]:
    return list(_due(at).order_by("send_at", "pk").values_list("pk", flat=True)[:limit])


@transaction.atomic
def _send(phase_id: int, at: datetime) -> int:
    """Whether it is still due is asked under its lock, so that what was moved or taken back since
    it was picked stays here.

    Locks: the phase; one that another worker holds, or a plan that is being saved, is left to it.
    """
    waiting = PlanPhase.objects.filter(pk=phase_id)
    if waiting.select_for_update(skip_locked=True, no_key=True).first() is None:
        return 0
    phase = _due(at).select_related("plan").filter(pk=phase_id).first()
    if phase is None:
        return 0
    phase.sent_at = at
    phase.save(update_fields=["sent_at"])
    members = audience_of(phase)
    if phase.channel in TEMPLATES:
        told = members.order_by("pk").values_list("account_id", flat=True)
        return _tell(TEMPLATES[Channel(phase.channel)].code, phase, told.iterator(BATCH), {}, at)
    by_hand = [pk for pk in [phase.plan.owner_id or phase.plan.maker_id] if pk is not None]
    facts = {**_channel_words(phase), "members": members.count()}
    return _tell(PLAN_BY_HAND.code, phase, by_hand, facts, at)


def _tell(
    template: str, phase: PlanPhase, accounts: Iterable[int], facts: dict[str, Any], at: datetime
) -> int:
    plan, told = phase.plan, 0
    words = {
        "title_zh": plan.title_zh,
        "title_en": plan.title_en or plan.title_zh,
        "text_zh": phase.text_zh,
        "text_en": phase.text_en or phase.text_zh,
    }
    for some in _batches(accounts):
        notify(some, template, {**words, **facts}, at=at, source=f"phase:{phase.pk}")
        told += len(some)
    return told


def _batches(accounts: Iterable[int]) -> Iterator[list[int]]:
    rest = iter(accounts)
    while some := list(islice(rest, BATCH)):
        yield some


def _channel_words(phase: PlanPhase) -> dict[str, str]:
    words = {}
    for language, name in (("zh-hans", "channel_zh"), ("en", "channel_en")):
        with translation.override(language):
            words[name] = str(phase.get_channel_display())
    return words
