"""Whether the shop may write down what a member looks at. Source: C-08."""

from datetime import datetime

from django.db import transaction

from mall.kernel import audit
from members.models import Member


@transaction.atomic
def set_history(*, member: Member, keeps: bool, at: datetime) -> None:
    """Switch the list of viewed products on or off; what is on it stays until it is cleared."""
    changed = Member.objects.filter(pk=member.pk).exclude(keeps_history=keeps)
    if not changed.update(keeps_history=keeps):
        return
    audit.record(
        actor=member.account,
        verb="members.set_history",
        target=member,
        at=at,
        before={"keeps_history": not keeps},
        after={"keeps_history": keeps},
    )
