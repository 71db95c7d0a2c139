"""Where goods are not sent. Source: O-10."""

from collections import defaultdict
from collections.abc import Collection

from catalog.models import FreightRegion


def templates_without(template_ids: Collection[int], region_code: str) -> frozenset[int]:
    """Those of the freight templates that do not deliver to a region; the longest prefix decides.

    Queries: 1.
    """
    prefixes = [region_code[:length] for length in (2, 4, 6) if len(region_code) >= length]
    rows = FreightRegion.objects.filter(template__in=template_ids, region_prefix__in=prefixes)
    nearest: dict[int, tuple[str, bool]] = defaultdict(lambda: ("", True))
    for template_id, prefix, is_delivered in rows.values_list(
        "template_id", "region_prefix", "is_delivered"
    ):
        nearest[template_id] = max(nearest[template_id], (prefix, is_delivered))
    return frozenset(template for template, (_prefix, sent) in nearest.items() if not sent)
