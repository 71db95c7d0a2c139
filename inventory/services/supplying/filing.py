"""Files of suppliers: who they are, what they signed, what they sell; every change with a trail.

Source: I-25, I-34, I-37.
"""

import secrets
from collections.abc import Collection
from datetime import datetime
from typing import IO, Any

from django.core.files.base import ContentFile
from django.db import models, transaction
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _

from inventory.errors import (
    BundleHasNoStock,
    SupplierDocumentRefused,
    SupplierMoveRefused,
    SupplierNotReady,
)
from inventory.models import (
    Supplier,
    SupplierAgreement,
    SupplierContact,
    SupplierDocument,
    SupplierPolicy,
    SupplierSku,
    Warehouse,
)
from inventory.selectors.sourcing import agreement_of
from inventory.services.housing import save_warehouse
from mall.kernel import audit, clock

MAX_BYTES = 5 * 1024 * 1024
SIGNATURES = {b"%PDF-": "pdf", b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png"}
"""How the files that are taken begin, and the ending each is stored with."""
SECRET = frozenset({"payee_name", "payee_bank", "payee_account", "tax_number", "phone", "email"})
"""Fields whose change is noted, but never their value."""
Status = Supplier.Status
MOVES: dict[str, frozenset[str]] = {
    Status.PENDING: frozenset({Status.ACTIVE, Status.ENDED}),
    Status.ACTIVE: frozenset({Status.SUSPENDED, Status.ENDED}),
    Status.SUSPENDED: frozenset({Status.ACTIVE, Status.ENDED}),
    Status.ENDED: frozenset(),
}
"""准入 → 合作 → 暂停 → 淘汰; what has ended stays ended."""


def file_of(file: IO[bytes]) -> ContentFile:
    """An upload that is a PDF, JPEG or PNG, under a name of ours.

    Raises: SupplierDocumentRefused.
    """
    content = file.read(MAX_BYTES + 1)
    endings = [ending for start, ending in SIGNATURES.items() if content.startswith(start)]
    if not endings or len(content) > MAX_BYTES:
        raise SupplierDocumentRefused
    return ContentFile(content, name=f"{secrets.token_hex(12)}.{endings[0]}")


def save_supplier(
    *, supplier: Supplier, changed: Collection[str], at: datetime, actor: Any = None
) -> Supplier:
    """Save a new supplier, which is being admitted, or what is ``changed`` of one."""
    return _save(supplier, changed, at, actor)


def save_agreement(
    *, agreement: SupplierAgreement, changed: Collection[str], at: datetime, actor: Any = None
) -> SupplierAgreement:
    """Save what was signed; statements of months not yet confirmed follow it."""
    return _save(agreement, changed, at, actor)


def save_supplier_goods(
    *, goods: SupplierSku, changed: Collection[str], at: datetime, actor: Any = None
) -> SupplierSku:
    """Save what one SKU costs at a supplier and on which terms. Raises: BundleHasNoStock; its
    parts are bought."""
    if goods.sku.is_bundle:
        raise BundleHasNoStock
    return _save(goods, changed, at, actor)


def save_supplier_contact(
    *, contact: SupplierContact, changed: Collection[str], at: datetime, actor: Any = None
) -> SupplierContact:
    """Save a person at the supplier; the trail says that, not the number."""
    return _save(contact, changed, at, actor)


@transaction.atomic
def drop_supplier_contact(*, contact: SupplierContact, at: datetime, actor: Any = None) -> None:
    """Forget a person at the supplier."""
    audit.record(
        actor=actor,
        verb="inventory.drop_supplier_contact",
        target=contact.supplier,
        before={"name": contact.name},
        at=at,
    )
    contact.delete()


def save_supplier_document(
    *, document: SupplierDocument, changed: Collection[str], at: datetime, actor: Any = None
) -> SupplierDocument:
    """Keep a document, or one with other dates: then it is warned of anew."""
    document.alerted = SupplierDocument.Alert.NONE
    return _save(document, changed, at, actor)


def save_supplier_policy(
    *, policy: SupplierPolicy, changed: Collection[str], at: datetime, actor: Any = None
) -> SupplierPolicy:
    """Save targets, grades and limits; cards already computed stay as they are."""
    policy.pk = 1
    return _save(policy, changed, at, actor)


@transaction.atomic
def _save(row: Any, changed: Collection[str], at: datetime, actor: Any) -> Any:
    """Write the row and its trail. Queries: 2 or 3."""
    kept = [name for name in changed if name not in SECRET and _is_column(row, name)]
    known = type(row).objects.filter(pk=row.pk).first() if row.pk else None
    row.save()
    after = _plain(row, kept) | {name: "***" for name in changed if name in SECRET}
    audit.record(
        actor=actor,
        verb=f"inventory.save_{row._meta.model_name}",
        target=row,
        before=_plain(known, kept) if known else {},
        after=after,
        at=at,
    )
    return row


def _is_column(row: models.Model, name: str) -> bool:
    return any(field.name == name for field in row._meta.concrete_fields)


def _plain(row: models.Model, names: Collection[str]) -> dict[str, Any]:
    return {name: _text(value) for name, value in model_to_dict(row, names).items()}


def _text(value: Any) -> Any:
    return value if isinstance(value, int | str | bool | None) else str(value)


@transaction.atomic
def move_supplier(
    *, supplier_id: int, to: str, reason: str, at: datetime, actor: Any = None
) -> Supplier:
    """Admit, suspend, take back or end a supplier; its warehouse ships only while it is active.

    Locks: the supplier. Raises: SupplierMoveRefused, SupplierNotReady.
    """
    supplier = Supplier.objects.locked().get(pk=supplier_id)
    before = supplier.status
    if to not in MOVES[before]:
        raise SupplierMoveRefused(supplier=supplier.title_zh, status=Status(to).label)
    if to == Status.ACTIVE:
        _check_ready(supplier, at)
    supplier.status = to
    supplier.save(update_fields=["status"])
    for house in Warehouse.objects.filter(supplier=supplier).exclude(is_active=to == Status.ACTIVE):
        house.is_active = to == Status.ACTIVE
        save_warehouse(warehouse=house, changed=["is_active"], actor=actor, at=at)
    audit.record(
        actor=actor,
        verb="inventory.move_supplier",
        target=supplier,
        before={"status": before},
        after={"status": to},
        reason=reason,
        at=at,
    )
    return supplier


def _check_ready(supplier: Supplier, at: datetime) -> None:
    today = clock.day_of(at)
    missing = []
    if agreement_of(supplier.pk, today) is None:
        missing.append(_("an agreement in force"))
    over = supplier.documents.filter(expires_on__lt=today)
    missing += [_("%(title)s has run out") % {"title": document} for document in over]
    if missing:
        raise SupplierNotReady(supplier=supplier.title_zh, missing=", ".join(missing))
