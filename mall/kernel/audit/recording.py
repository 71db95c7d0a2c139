"""Writing the trail."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.functional import Promise

from mall.kernel.audit.models import AuditEntry


def record(
    *,
    actor: Any,
    verb: str,
    target: models.Model,
    at: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Append who did ``verb`` to ``target``, with the fields that changed. Queries: 1.

    ``actor`` is an Account or None (the system). Keep secrets and whole phone numbers out of both
    sides.
    """
    entry(
        actor=actor, verb=verb, target=target, at=at, before=before, after=after, reason=reason
    ).save(force_insert=True)


def entry(
    *,
    actor: Any,
    verb: str,
    target: models.Model,
    at: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> AuditEntry:
    """The entry that `record` would write, for verbs that write many in one statement."""
    return AuditEntry(
        at=at,
        actor_id=getattr(actor, "pk", None),
        verb=verb,
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        before=_plain(before),
        after=_plain(after),
        reason=reason,
    )


def _plain(values: Mapping[str, Any] | None) -> dict[str, Any]:
    encoder = DjangoJSONEncoder()
    plain = {}
    for key, value in (values or {}).items():
        if isinstance(value, str | int | bool | list | dict | None):
            plain[key] = value
        else:
            plain[key] = str(value) if isinstance(value, Promise) else encoder.default(value)
    return plain
