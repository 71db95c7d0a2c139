"""Products asked to be let through: whether a person has to see their texts. Source: C-38."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from catalog.models import Product, ProductApproval, PublishingPolicy
from catalog.services.screening_texts import (
    TextFinding,
    digest_of,
    former_digest,
    product_texts,
    screen_texts,
)

Status = ProductApproval.Status


def publishing_policy() -> PublishingPolicy:
    """What the shop asks for before a sale; the usual where none was saved. Queries: 1."""
    return PublishingPolicy.objects.first() or PublishingPolicy(pk=1)


@dataclasses.dataclass(frozen=True, slots=True)
class Texts:
    """A product's texts: their fingerprint, and what was found in them."""

    digest: str
    findings: Sequence[TextFinding]

    def as_json(self) -> list[dict[str, Any]]:
        """The findings as an approval keeps them."""
        return [finding.as_json() for finding in self.findings]


def judge_texts(product: Product) -> Texts:
    """A product's texts as they are now. Queries: 4."""
    texts = product_texts(product)
    return Texts(digest_of(texts), screen_texts(texts))


def needs_person(product: Product, texts: Texts) -> bool:
    """True when nobody has let these texts through and the shop asks for it. Queries: 4 at most.

    A shop that asks only for warnings takes an approval to cover its words in their places, so that
    other words may change; a shop that always asks takes it to cover exactly what was read.
    """
    policy = publishing_policy()
    if policy.approval == PublishingPolicy.Approval.NEVER:
        return False
    if policy.approval == PublishingPolicy.Approval.WARNED and not texts.findings:
        return False
    approved = product.approvals.filter(status=Status.APPROVED).order_by("-checked_at", "-pk")
    last = approved.first()
    if last is None:
        return True
    if policy.approval == PublishingPolicy.Approval.ALWAYS:
        return last.digest != texts.digest and last.digest != former_digest(product)
    return not _words(texts.as_json()) <= _words(last.findings)


def _words(findings: Sequence[dict[str, Any]]) -> set[tuple[str, str]]:
    return {(row["word"], row["class"]) for row in findings}


def open_approval(product: Product, texts: Texts, *, at: datetime, actor: Any) -> ProductApproval:
    """Queue a product, or renew what is written of one that waits. Queries: 2."""
    approval, _made = ProductApproval.objects.update_or_create(
        product=product,
        status=Status.WAITING,
        defaults={
            "digest": texts.digest,
            "findings": texts.as_json(),
            "maker": actor,
            "asked_at": at,
        },
    )
    return approval
