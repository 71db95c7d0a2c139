"""Changing from what on something is a risk, with a trail."""

from datetime import datetime
from typing import Any

from django.db import transaction

from mall.kernel import audit
from mall.kernel.errors import InvalidInput
from members.models import Account
from orders.models import RiskPolicy


@transaction.atomic
def save_risk_policy(*, changes: dict[str, Any], actor: Account, at: datetime) -> RiskPolicy:
    """Change the policy. Locks: the row. Raises: InvalidInput when the steps do not rise."""
    policy = RiskPolicy.objects.select_for_update().get(pk=1)
    before = {name: getattr(policy, name) for name in changes}
    for name, value in changes.items():
        setattr(policy, name, value)
    if not 0 < policy.verify_from <= policy.review_from <= policy.block_from:
        raise InvalidInput(field="verify_from", allowed="≤ review_from ≤ block_from")
    if not (policy.most_unpaid_orders and policy.most_unpaid_pieces):
        raise InvalidInput(field="most_unpaid_orders", allowed="> 0")
    policy.save(update_fields=list(changes))
    audit.record(
        actor=actor, verb="orders.save_risk_policy", target=policy, at=at, before=before,
        after=changes,
    )  # fmt: skip
    return policy
