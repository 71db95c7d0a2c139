"""The base of every operator screen: verbs for saves, masked columns, ledgers, exports."""

from mall.kernel.admin.actions import actor_of, run_verb
from mall.kernel.admin.base import (
    MallAdmin,
    MallTabularInline,
    OneRowAdmin,
    ReadOnlyAdmin,
    ReadOnlyInline,
)
from mall.kernel.admin.choosing import whether
from mall.kernel.admin.exporting import csv_response
from mall.kernel.admin.inputs import PercentInput
from mall.kernel.admin.masking import Masked, MaskedList
from mall.kernel.admin.offering import OffersByState
from mall.kernel.admin.pages import VerbPage
from mall.kernel.admin.versioning import VersionedAdmin
from mall.kernel.cells import safe_cell

__all__ = [
    "MallAdmin",
    "MallTabularInline",
    "Masked",
    "MaskedList",
    "OffersByState",
    "OneRowAdmin",
    "PercentInput",
    "ReadOnlyAdmin",
    "ReadOnlyInline",
    "VerbPage",
    "VersionedAdmin",
    "actor_of",
    "csv_response",
    "run_verb",
    "safe_cell",
    "whether",
]
