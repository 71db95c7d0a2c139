"""Licences: kept, asked for before a sale, warned of before they run out. Source: C-39."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import IO, Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q

from catalog.errors import DocumentRefused, QualificationMissing
from catalog.models import Category, Product, Qualification, QualificationKind
from catalog.services.submitting import publishing_policy
from mall.kernel import audit, clock
from mall.kernel.notify import notify

MAX_BYTES = 5 * 1024 * 1024
SIGNATURES = {b"%PDF-": "pdf", b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png"}
"""How the files that are taken begin, and the ending each is stored with."""
NAMED = 5
Alert = Qualification.Alert


def missing_qualifications(product: Product, at: datetime) -> list[str]:
    """The documents its category asks for that nobody has today, by title. Queries: 1, or 2."""
    return missing_for_category(product.category, at)


def missing_for_category(category: Category, at: datetime) -> list[str]:
    """The same for all goods of a category. Queries: 1, or 2."""
    path_ids = category.path_ids
    kinds = list(QualificationKind.objects.filter(categories__in=path_ids).distinct())
    if not kinds:
        return []
    documents = Qualification.objects.valid_on(clock.day_of(at)).filter(category_id__in=path_ids)
    valid = set(documents.values_list("kind_id", flat=True))
    return [kind.title_zh for kind in kinds if kind.pk not in valid]


def check_qualified(product: Product, at: datetime) -> None:
    """Raises: QualificationMissing, with the documents that are."""
    missing = missing_qualifications(product, at)
    if missing:
        raise QualificationMissing(title=product.title_zh, missing=", ".join(missing))


def document_of(file: IO[bytes]) -> ContentFile:
    """An upload that is a PDF, JPEG or PNG, under a name of ours. Raises: DocumentRefused."""
    content = file.read(MAX_BYTES + 1)
    endings = [ending for start, ending in SIGNATURES.items() if content.startswith(start)]
    if not endings or len(content) > MAX_BYTES:
        raise DocumentRefused
    return ContentFile(content, name=f"{secrets.token_hex(12)}.{endings[0]}")


@transaction.atomic
def save_qualification(
    *, qualification: Qualification, at: datetime, actor: Any = None
) -> Qualification:
    """Keep a document, or one with other dates: then it is warned of anew."""
    qualification.alerted = Alert.NONE
    verb = "catalog.change_qualification" if qualification.pk else "catalog.add_qualification"
    qualification.save()
    audit.record(
        actor=actor,
        verb=verb,
        target=qualification,
        at=at,
        after={
            "number": qualification.number,
            "starts_on": str(qualification.starts_on or ""),
            "expires_on": str(qualification.expires_on or ""),
        },
    )
    return qualification


@transaction.atomic
def warn_of_qualifications(at: datetime) -> int:
    """Tell operators of documents that run out soon, and of those that have; each of both once.

    A document that a later one of its kind and category replaces is not warned of. Locks: the
    documents, pk order. Queries: 4 and those of the messages.
    """
    today = clock.day_of(at)
    last_day = today + timedelta(days=publishing_policy().alert_days)
    due = Qualification.objects.filter(expires_on__lte=last_day).exclude(alerted=Alert.OVER)
    rows = [row for row in due.locked().select_related("kind") if _is_new(row, today)]
    told = [row for row in rows if not _is_replaced(row, last_day)]
    for alert in (Alert.SOON, Alert.OVER):
        _tell([row for row in told if _alert(row, today) == alert], alert, at)
    for row in rows:
        row.alerted = _alert(row, today)
    Qualification.objects.bulk_update(rows, ["alerted"])
    return len(told)


def _is_new(row: Qualification, today: date) -> bool:
    return row.alerted != _alert(row, today)


def _alert(row: Qualification, today: date) -> str:
    assert row.expires_on is not None
    return Alert.OVER if row.expires_on < today else Alert.SOON


def _is_replaced(row: Qualification, last_day: date) -> bool:
    others = Qualification.objects.filter(kind=row.kind_id, category=row.category_id)
    return others.filter(Q(expires_on=None) | Q(expires_on__gt=last_day)).exists()


def _tell(rows: list[Qualification], alert: str, at: datetime) -> None:
    if not rows:
        return
    named = ", ".join(
        f"{row.kind.title_zh} {row.number} ({row.expires_on})" for row in rows[:NAMED]
    )
    notify(
        _told_ids(),
        f"catalog.qualification_{alert}",
        {"count": len(rows), "documents": named},
        route=("admin:catalog_qualification_changelist", ()),
        source=f"qualification:{alert}:{rows[0].pk}:{rows[0].expires_on}",
        at=at,
    )


def _told_ids() -> Iterable[int]:
    """Accounts of the operators that are told. Queries: 1."""
    right = Permission.objects.filter(
        codename="get_qualification_alerts", content_type__app_label="catalog"
    )
    given = Q(user_permissions__in=right) | Q(groups__permissions__in=right)
    operators = get_user_model().objects.filter(is_staff=True, is_active=True)
    told = operators.filter(Q(is_superuser=True) | given)
    return list(told.order_by("pk").values_list("pk", flat=True).distinct())
