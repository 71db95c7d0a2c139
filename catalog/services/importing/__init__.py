"""Goods of a file become goods of the shop: made or updated by code, untouched when the same.

A batch is set-based where its goods are new or the same already, and one by one where they change.
Source: requirement C-50, docs/imports.md.
"""

from catalog.services.importing.finding import import_brand, import_category
from catalog.services.importing.many import Refusal, import_batch
from catalog.services.importing.one import Arrival, import_goods

__all__ = [
    "Arrival",
    "Refusal",
    "import_batch",
    "import_brand",
    "import_category",
    "import_goods",
]
