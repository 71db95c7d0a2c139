"""Reminders of flash sales: asked for before the start, told once, minutes before it (P-22)."""

from datetime import datetime, timedelta

from django.db import transaction

from mall.kernel import clock
from mall.kernel.errors import NotFound
from mall.kernel.notify import notify
from promotions.activities import FlashRule, read_activity
from promotions.errors import ReminderTooLate
from promotions.messages import FLASH_BEGINS
from promotions.models import Campaign, FlashReminder

LONGEST = timedelta(days=1)
"""The earliest that any flash sale reminds before its start; `activities` allows no more."""


def ask_reminder(*, campaign_id: int, member_id: int, at: datetime) -> FlashReminder:
    """Remember that a member wants to hear of it; a second wish is the first one.

    Queries: 3 at most. Raises: NotFound, ReminderTooLate when it has begun.
    """
    campaign = _flash(campaign_id)
    if campaign.starts_at <= at:
        raise ReminderTooLate
    reminder, _made = FlashReminder.objects.get_or_create(
        campaign=campaign, member_id=member_id, defaults={"asked_at": at}
    )
    return reminder


def drop_reminder(*, campaign_id: int, member_id: int) -> bool:
    """Forget the wish; False when there was none. Queries: 2. Raises: NotFound."""
    mine = FlashReminder.objects.unsent().filter(campaign=_flash(campaign_id), member_id=member_id)
    return bool(mine.delete()[0])


def send_reminders(at: datetime, limit: int = 500) -> int:
    """Tell those whose flash sale begins within its minutes; returns how many were told.

    Queries: 1, and 3 a sale that is due.
    """
    soon = Campaign.objects.live().filter(
        kind=Campaign.Kind.FLASH,
        starts_at__gt=at,
        starts_at__lte=at + LONGEST,
        reminders__in=FlashReminder.objects.unsent(),
    )
    told = 0
    for campaign in soon.order_by("starts_at", "pk").distinct():
        if campaign.starts_at - _notice(campaign) <= at and told < limit:
            told += _tell(campaign, at, limit - told)
    return told


@transaction.atomic
def _tell(campaign: Campaign, at: datetime, limit: int) -> int:
    """Locks: the reminders, pk order: a second sender finds them told."""
    waiting = FlashReminder.objects.unsent().filter(campaign=campaign).select_related("member")
    rows = list(waiting.locked()[:limit])
    notify(
        [row.member.account_id for row in rows],
        FLASH_BEGINS.code,
        {
            "title_zh": campaign.title_zh,
            "title_en": campaign.title_en,
            "time": f"{campaign.starts_at.astimezone(clock.SHANGHAI):%H:%M}",
        },
        at=at,
        route=("storefront:flashes", ()),
        source=f"flash:{campaign.pk}",
    )
    FlashReminder.objects.filter(pk__in=[row.pk for row in rows]).update(sent_at=at)
    return len(rows)


def _notice(campaign: Campaign) -> timedelta:
    rule = read_activity(campaign.kind, campaign.rule)
    assert isinstance(rule, FlashRule), "flash sales have the rules of flash sales"
    return timedelta(minutes=rule.remind_minutes)


def _flash(campaign_id: int) -> Campaign:
    campaign = Campaign.objects.live().filter(pk=campaign_id, kind=Campaign.Kind.FLASH).first()
    if campaign is None:
        raise NotFound
    return campaign
