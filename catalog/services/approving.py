"""Products let through by a person, or sent back with the reason. Source: requirement C-38."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction

from catalog.errors import (
    ApprovalReasonMissing,
    NotWaitingForApproval,
    OwnProductApproval,
    TextsChanged,
)
from catalog.models import Product, ProductApproval, PublishingPolicy
from catalog.services.outdating import outdate_listings
from catalog.services.publishing import move_product, publish_product
from catalog.services.submitting import judge_texts, publishing_policy
from mall.kernel import audit
from mall.kernel.notify import notify

Status = ProductApproval.Status


class Checks(TypedDict, total=False):
    """What `publish_product` may leave out."""

    needs_picture: bool
    checks_gradient: bool


@transaction.atomic
def approve_product(
    *, product: Product, at: datetime, actor: Any = None, digest: str = "", **checks: Unpack[Checks]
) -> Product:
    """Let a waiting product through and put it on sale.

    ``digest`` is that of the texts the person has read; empty: as they are now. ``checks`` are
    those of `publish_product`. Locks: the product. Raises: NotWaitingForApproval,
    OwnProductApproval, TextsChanged, and what `publish_product` refuses. Emits: ProductPublished.
    """
    product = Product.objects.locked().get(pk=product.pk)
    approval = _waiting(product)
    _check_person(product, approval, actor)
    texts = judge_texts(product)
    if digest and digest != texts.digest:
        raise TextsChanged(title=product.title_zh)
    approval.digest, approval.findings = texts.digest, texts.as_json()
    _answer(approval, Status.APPROVED, at=at, actor=actor)
    return publish_product(product=product, at=at, actor=actor, **checks)


@transaction.atomic
def publish_approved(
    *, product: Product, at: datetime, actor: Any, **checks: Unpack[Checks]
) -> Product:
    """Put a product on sale for somebody who answers for its texts, as who imports goods does.

    Where the shop asks for a second person the product waits for one. Locks: the product. Raises:
    what `publish_product` refuses.
    """
    product = publish_product(product=product, at=at, actor=actor, **checks)
    is_waiting = product.status == Product.Status.PENDING
    if is_waiting and not publishing_policy().needs_second_person:
        product = approve_product(product=product, at=at, actor=actor, **checks)
    return product


@transaction.atomic
def reject_product(*, product: Product, reason: str, at: datetime, actor: Any) -> Product:
    """Send a waiting product back; who asked is told the reason.

    Locks: the product. Raises: ApprovalReasonMissing, NotWaitingForApproval.
    """
    reason = reason.strip()
    if not reason:
        raise ApprovalReasonMissing(title=product.title_zh)
    product = Product.objects.locked().get(pk=product.pk)
    approval = _waiting(product)
    approval.reason = reason
    _answer(approval, Status.REJECTED, at=at, actor=actor)
    move_product(product, Product.Status.REJECTED, at, actor, verb="catalog.return_product")
    if approval.maker_id is not None:
        notify(
            [approval.maker_id],
            "catalog.product_rejected",
            {"title": product.title_zh, "reason": reason},
            route=("admin:catalog_product_change", (product.pk,)),
            source=f"approval:{approval.pk}",
            at=at,
        )
    return product


@transaction.atomic
def save_publishing_policy(
    *, values: Mapping[str, Any], at: datetime, actor: Any
) -> PublishingPolicy:
    """Set what the shop asks of its listings; by another share of empty attributes they are graded
    again. Emits: ListingsOutdated."""
    policy, _made = PublishingPolicy.objects.get_or_create(pk=1)
    before = {name: getattr(policy, name) for name in values}
    for name, value in values.items():
        setattr(policy, name, value)
    policy.save()
    audit.record(
        actor=actor,
        verb="catalog.save_publishing_policy",
        target=policy,
        at=at,
        before=before,
        after=dict(values),
    )
    if before.get("most_empty_bp") != values.get("most_empty_bp"):
        outdate_listings(at=at)
    return policy


def _waiting(product: Product) -> ProductApproval:
    approval = product.approvals.filter(status=Status.WAITING).first()
    if approval is None or product.status != Product.Status.PENDING:
        raise NotWaitingForApproval(title=product.title_zh)
    return approval


def _check_person(product: Product, approval: ProductApproval, actor: Any) -> None:
    """Nobody answers their own question where the shop asks for a second person."""
    if not publishing_policy().needs_second_person:
        return
    if actor is None or approval.maker_id in (None, actor.pk):
        raise OwnProductApproval(title=product.title_zh)


def _answer(approval: ProductApproval, status: str, *, at: datetime, actor: Any) -> None:
    approval.status, approval.checker, approval.checked_at = status, actor, at
    approval.save()
    audit.record(
        actor=actor,
        verb=f"catalog.{'approve' if status == Status.APPROVED else 'reject'}_product",
        target=approval.product,
        at=at,
        before={"approval": Status.WAITING},
        after={"approval": status, "reason": approval.reason},
    )
