"""The shop's own numbers of restocking, set with a trail."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.forms.models import model_to_dict

from inventory.models import RestockPolicy
from mall.kernel import audit


@transaction.atomic
def set_restock_policy(
    *, policy: RestockPolicy, changed: Collection[str], at: datetime, actor: Any = None
) -> RestockPolicy:
    """Save what is ``changed`` of the one row. Queries: 3."""
    before = model_to_dict(RestockPolicy.objects.get(pk=1), changed)
    policy.save()
    audit.record(
        actor=actor,
        verb="inventory.set_restock_policy",
        target=policy,
        before=before,
        after=model_to_dict(policy, changed),
        at=at,
    )
    return policy
