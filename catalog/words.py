"""Codes of the catalogue's sums in words for operators."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.blocks import Fault
from catalog.quality import ADVICE, Flag, Hint, Stage
from catalog.screening import TermClass

Words = str | Promise

LACKS: dict[str, Words] = {
    Flag.ATTRIBUTES: _("attributes empty"),
    Flag.PICTURES: _("fewer than five pictures"),
    Flag.VIDEO: _("no video"),
    Flag.BLOCKS: _("fewer than three detail blocks"),
    Flag.GRADIENT: _("price spread too wide"),
    Hint.REPEATED: _("title: repeated words"),
    Hint.CORE_MISSING: _("title: does not name what it is"),
    Hint.CORE_BEHIND: _("title: the core word belongs in front"),
    Hint.TOO_SHORT: _("title: too short"),
    Hint.TOO_LONG: _("title: too long"),
    Hint.NO_ATTRIBUTE: _("title: no attribute word"),
    Hint.NO_SCENARIO: _("title: no occasion or need"),
}
"""What a listing lacks, by the code stored with it."""


def lacks(codes: Iterable[str]) -> list[str]:
    """What a listing lacks, in words."""
    return [str(LACKS.get(code, code)) for code in codes]


CAMPAIGNS: dict[str, Words] = {
    "sale": _("a time-limited discount"),
    "quantity_price": _("a price by quantity"),
    "threshold_off": _("money off from a threshold, or a gift"),
    "bundle_price": _("a bundle"),
}
"""What to do with a product in a stage of its life, by the kind of campaign."""


def advice(stage: str) -> str:
    """The campaign that fits a stage, in words; "-" for a stage not known yet."""
    return str(CAMPAIGNS[ADVICE[Stage(stage)]]) if stage else "-"


CLASSES: dict[str, Words] = {
    TermClass.MEDICAL: _("medical claim"),
    TermClass.ABSOLUTE: _("superlative"),
    TermClass.OTHER: pgettext_lazy("class of words", "other"),
}
"""The classes of screened words."""


BLOCK_KINDS: dict[str, Words] = {
    "point": _("selling point"),
    "trust": _("trust: papers and figures"),
    "text": _("text"),
    "image": _("picture"),
    "parameters": _("parameters"),
    "scenario": _("where it is used"),
    "comparison": _("how it differs"),
    "pain_point": _("a trouble and its solution"),
    "size_guide": _("size guide"),
    "video": _("video"),
    "spin": _("seen from all sides"),
    "faq": _("questions and answers"),
    "shipping": _("delivery and returns"),
}
"""Kinds of detail blocks (C-45)."""
BLOCK_FIELDS: dict[str, Words] = {
    "kind": _("kind"),
    "blocks": _("blocks"),
    "title": _("title"),
    "text": _("text"),
    "table": _("table"),
    "media_id": _("picture"),
    "media_ids": _("pictures"),
    "video_id": _("video"),
}
BLOCK_FAULTS: dict[str, Words] = {
    "kind": _("is of no kind known here"),
    "missing": _("is missing"),
    "long": _("is too long"),
    "table": _("needs as many cells in every line as its kind has"),
    "frames": _("needs 4 to 72 pictures"),
    "id": _("is not here any more"),
    "many": _("are more than forty"),
}


def fault_words(fault: Fault) -> str:
    """block 2, table: is missing."""
    said = {"field": BLOCK_FIELDS[fault.field], "fault": BLOCK_FAULTS[fault.code]}
    if not fault.number:
        return str(_("%(field)s: %(fault)s")) % said
    return str(_("block %(number)s, %(field)s: %(fault)s")) % {**said, "number": fault.number}
