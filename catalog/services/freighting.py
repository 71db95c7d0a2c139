"""Freight templates: every change is another version, so that a quote shown before it is void."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from catalog.models import FreightRegion, FreightTemplate
from mall.kernel import audit


@transaction.atomic
def save_freight_template(
    *,
    template: FreightTemplate,
    regions: Sequence[FreightRegion] = (),
    gone: Sequence[FreightRegion] = (),
    at: datetime,
    actor: Any = None,
) -> FreightTemplate:
    """Store a template with the regions that changed, without those that are gone."""
    is_new = template.pk is None
    template.save()
    for region in gone:
        region.delete()
    for region in regions:
        region.template = template
        region.save()
    if not is_new:
        FreightTemplate.objects.filter(pk=template.pk).update(version=F("version") + 1)
        template.refresh_from_db(fields=["version"])
    audit.record(
        actor=actor,
        verb="catalog.save_freight_template",
        target=template,
        at=at,
        after={"code": template.code, "version": template.version},
    )
    return template
