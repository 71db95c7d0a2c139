"""Sales channels: entered and renamed by operators, with a trail. Source: X-55."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.forms.models import model_to_dict

from mall.kernel import audit
from members.models import Account
from orders.models import Channel


@transaction.atomic
def save_channel(
    *, channel: Channel, changed: Collection[str], at: datetime, actor: Account | None = None
) -> Channel:
    """Save a new channel, or what is ``changed`` of one. Queries: 2."""
    channel.save()
    audit.record(
        actor=actor,
        verb="orders.save_channel",
        target=channel,
        after=model_to_dict(channel, changed),
        at=at,
    )
    return channel
