"""Codes of the catalogue's sums in words for operators."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.quality import Flag, Hint

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
