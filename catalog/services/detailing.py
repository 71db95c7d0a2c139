"""Detail blocks and papers of a product: checked, kept. Source: requirements C-45, C-46."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from catalog import blocks
from catalog.errors import BlocksNotValid
from catalog.models import Media, ProductCertificate, Video
from catalog.services.screening_texts import check_texts, new_texts, screen_texts
from catalog.shared import product_tag
from catalog.words import fault_words
from mall.kernel import audit
from mall.kernel.caching import changed

AGENCY = ("agency_zh", "agency_en")


def check_blocks(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The blocks as they are stored. Raises: BlocksNotValid, with everything that is wrong with
    them. Queries: 0, 1 where they show pictures, 1 where they play videos."""
    faults = blocks.faults_of(rows)
    if faults:
        raise BlocksNotValid(findings="; ".join(fault_words(fault) for fault in faults))
    for model, wanted in ((Media, blocks.picture_ids(rows)), (Video, blocks.video_ids(rows))):
        if wanted and model.objects.filter(pk__in=wanted).count() < len(wanted):
            gone = blocks.Fault(0, "blocks", "id")
            raise BlocksNotValid(findings=fault_words(gone))
    return [blocks.cleaned(row) for row in rows]


@transaction.atomic
def save_certificate(
    *, certificate: ProductCertificate, at: datetime, actor: Any = None
) -> ProductCertificate:
    """Keep a paper of a product; shoppers may read it while it is valid.

    Raises: TextsRefused for a new name of an agency that blocks.
    """
    pk = certificate.pk
    before = ProductCertificate.objects.filter(pk=pk).first() if pk else None
    check_texts(certificate.number, screen_texts(new_texts(certificate, before, AGENCY)))
    verb = "catalog.change_certificate" if certificate.pk else "catalog.add_certificate"
    certificate.save()
    changed(product_tag(certificate.product_id))
    audit.record(
        actor=actor,
        verb=verb,
        target=certificate,
        at=at,
        after={
            "product": certificate.product_id,
            "number": certificate.number,
            "expires_on": str(certificate.expires_on or ""),
        },
    )
    return certificate
