"""What the shop promises on a product's page: what its operators wrote, and what the house works
out from its own figures. Nothing is said that no figure stands behind."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.selectors import ProductPage
from promotions.presenting import promise_dicts

SHOWN = 3
Row = dict[str, str]


def services(page: ProductPage) -> list[str]:
    """What holds for this product, in a few words each."""
    written = [row["title"] for row in promise_dicts()]
    return [*written, *_tested(page), _("Refunds to the fen"), _("Invoice on request")]


def highlights(
    page: ProductPage, *, arrival: Mapping[str, Any] | None, returns: Mapping[str, str]
) -> list[Row]:
    """Three of them under the gallery: the operators' own, then the day of arrival where it is
    known, the papers of these goods, how a price is explained, how long they may come back."""
    rows = promise_dicts()
    if arrival:
        rows.append(_row("truck", arrival["title"], arrival["text"]))
    rows += [_row("shield", words, _("the papers are below")) for words in _tested(page)]
    rows.append(_row("receipt", _("Every fen explained"), _("each step on the receipt")))
    rows.append(_row("back7", returns["title"], returns["line"]))
    return rows[:SHOWN]


def _tested(page: ProductPage) -> list[str]:
    """How many papers of these goods are valid today; nothing where there is none."""
    number = len(page.papers)
    if not number:
        return []
    words = ngettext("%(number)s valid paper", "%(number)s valid papers", number)
    return [words % {"number": number}]


def _row(icon: str, title: str, line: str) -> Row:
    return {"icon": icon, "title": title, "line": line}
