"""The details of a product's page: its blocks with their templates. Source: C-45, C-46."""

from collections.abc import Mapping
from typing import Any

from catalog.presenting import DETAIL_KINDS

PLAIN = "text"
Shape = dict[str, Any]


def details(product: Mapping[str, Any], *, shows_count: int = 0) -> Shape:
    """``details`` and ``has_parameters`` of ``storefront/_details.html``; no query."""
    rows = [_block(block, shows_count) for block in product["blocks"]]
    return {
        "details": rows,
        "has_parameters": any(row["kind"] == "parameters" for row in rows),
    }


def _block(block: Shape, shows_count: int) -> Shape:
    kind = block["kind"] if block["kind"] in DETAIL_KINDS else PLAIN
    template = f"storefront/blocks/_{kind}.html"
    return {**block, "template": template, "shows_count": shows_count}
