"""The blacklist: who is put on it, why and until when; who is taken off."""

from datetime import datetime

from django.db import transaction

from mall.kernel import audit
from mall.kernel.errors import InvalidInput
from members.models import Account
from members.services import normal_phone
from orders.models import RiskBlock


@transaction.atomic
def block(
    *,
    kind: str,
    key: str,
    reason: str,
    actor: Account,
    at: datetime,
    scope: str = RiskBlock.Scope.ACTIVITIES,
    until: datetime | None = None,
) -> RiskBlock:
    """Shut a phone, device, network address, doorstep or member out; again changes the entry.

    Raises: InvalidInput without a reason, or for a time that is over.
    """
    key = normal_phone(key) if kind == RiskBlock.Kind.PHONE else key.strip()
    if not key:
        raise InvalidInput(field="key", allowed="1-64")
    if not reason.strip():
        raise InvalidInput(field="reason", allowed="1-200")
    if until is not None and until <= at:
        raise InvalidInput(field="until", allowed=f"> {at:%Y-%m-%d %H:%M}")
    values = {"scope": scope, "reason": reason.strip(), "until": until, "created_by": actor}
    entry, _made = RiskBlock.objects.update_or_create(
        kind=kind, key=key, defaults={**values, "created_at": at}
    )
    audit.record(
        actor=actor,
        verb="orders.block",
        target=entry,
        at=at,
        after={"kind": str(kind), "scope": str(scope), "until": until and until.isoformat()},
        reason=entry.reason,
    )
    return entry


@transaction.atomic
def unblock(*, entry: RiskBlock, actor: Account, at: datetime) -> None:
    """Take an entry off the blacklist; the trail keeps that it was there."""
    audit.record(
        actor=actor,
        verb="orders.unblock",
        target=entry,
        at=at,
        before={"kind": entry.kind, "scope": entry.scope},
        reason=entry.reason,
    )
    RiskBlock.objects.filter(pk=entry.pk).delete()
