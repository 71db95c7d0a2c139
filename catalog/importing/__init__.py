"""Goods of other shops and of spreadsheets, read into records. No database here.

The rules are in docs/imports.md.
"""

from catalog.importing.reading import FORMATS, read_shipload
from catalog.importing.records import (
    AttributeRecord,
    BrandRecord,
    CategoryStep,
    GoodsRecord,
    Problem,
    Shipload,
    SkuRecord,
)
from catalog.importing.sheets import UnreadableFile

__all__ = [
    "FORMATS",
    "AttributeRecord",
    "BrandRecord",
    "CategoryStep",
    "GoodsRecord",
    "Problem",
    "Shipload",
    "SkuRecord",
    "UnreadableFile",
    "read_shipload",
]
