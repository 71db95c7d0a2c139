"""What a row of the audit trail says changed, in words: columns by their names, amounts in yuan,
rates in per cent, codes by what they are called. Rows keep what the verb wrote down.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from django.apps import apps
from django.db.models import CharField, Field, IntegerField, JSONField, Model, TextField
from django.utils.dateparse import parse_datetime
from django.utils.formats import localize
from django.utils.functional import Promise
from django.utils.timezone import is_aware, localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from mall.kernel.admin.showing import percent
from mall.kernel.money import yuan

NOTHING = "—"
BESIDE_COLUMNS: Mapping[str, str | Promise] = {
    "answer": pgettext_lazy("audit trail", "answer"),
    "blocks": pgettext_lazy("audit trail", "blocks"),
    "cities": pgettext_lazy("audit trail", "cities"),
    "done": pgettext_lazy("audit trail", "done"),
    "file": pgettext_lazy("audit trail", "file"),
    "findings": pgettext_lazy("audit trail", "findings"),
    "goods": pgettext_lazy("audit trail", "goods"),
    "grades": pgettext_lazy("audit trail", "grades"),
    "live_at": pgettext_lazy("audit trail", "live from"),
    "money_fen": pgettext_lazy("audit trail", "money back (yuan)"),
    "moved": pgettext_lazy("audit trail", "another warehouse sends them"),
    "of": pgettext_lazy("audit trail", "in all"),
    "on_hand": pgettext_lazy("audit trail", "on hand"),
    "orders": pgettext_lazy("audit trail", "orders"),
    "parts": pgettext_lazy("audit trail", "parts"),
    "pieces": pgettext_lazy("audit trail", "pieces"),
    "points": pgettext_lazy("audit trail", "points"),
    "prices": pgettext_lazy("audit trail", "prices"),
    "related": pgettext_lazy("audit trail", "related products"),
    "shipment": pgettext_lazy("audit trail", "parcel"),
    "state": pgettext_lazy("audit trail", "state"),
    "status": pgettext_lazy("audit trail", "status"),
    "version": pgettext_lazy("audit trail", "version"),
    "warehouse": pgettext_lazy("audit trail", "warehouse"),
}
"""What verbs write down beside the columns of their row."""
WRITTEN_OUT = {"True": True, "False": False, "None": None}
"""Some verbs have written what was typed as texts."""
ANY_TEXT = (CharField, TextField, JSONField)
MOMENTS = ("_at", "_until", "_from")


def kind_of(target_type: str) -> type[Model] | None:
    """The model of a row's thing; None for what is no row, or none any more."""
    try:
        return apps.get_model(target_type)
    except (LookupError, ValueError):
        return None


def changes_of(
    target_type: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """The name of each fact that differs, and what it was and is now."""
    columns = _columns(target_type)
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name), after.get(name)
        if name in before and name in after and old == new:
            continue
        column = columns.get(name)
        now = _said(name, new, column)
        said = f"{_said(name, old, column)} → {now}" if before else now
        yield _label(name, column), said


def _columns(target_type: str) -> dict[str, Field]:
    model = kind_of(target_type)
    if model is None:
        return {}
    fields = [*model._meta.fields, *model._meta.many_to_many]
    return {name: field for field in fields for name in (field.name, field.attname)}


def _label(name: str, column: Field | None = None) -> str:
    if column is not None:
        return str(column.verbose_name)
    return str(BESIDE_COLUMNS.get(name) or name.removesuffix("_fen").replace("_", " "))


def _said(name: str, value: Any, column: Field | None = None) -> str:
    """A fact as people read it; one that JSON nests is said from the inside out."""
    value = _read(value, column)
    if value is None or value in ("", [], {}):
        return NOTHING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return "; ".join(f"{_label(key)} {_said(key, inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return ", ".join(_said(name, inner, column) for inner in value)
    if column is not None and column.choices:
        return str(dict(column.flatchoices).get(value, value))
    return _figure(name, value)


def _read(value: Any, column: Field | None) -> Any:
    """What a verb wrote down as a text, as its column has it."""
    if not isinstance(value, str) or column is None or isinstance(column, ANY_TEXT):
        return value
    if isinstance(column, IntegerField) and value.removeprefix("-").isdecimal():
        return int(value)
    return WRITTEN_OUT.get(value, value)


def _figure(name: str, value: Any) -> str:
    """A number or a moment by the unit that its name says."""
    if isinstance(value, int) and name.endswith("_fen"):
        return yuan(value)
    if isinstance(value, int) and name.endswith("_bp"):
        return percent(value)
    if isinstance(value, str) and f"_{name}".endswith(MOMENTS):
        return _moment(value)
    return str(value)


def _moment(value: str) -> str:
    """An instant in the shop's own time; what is none, or does not say of which zone, as it is."""
    with suppress(ValueError, OverflowError):
        moment = parse_datetime(value)
        if moment is not None and is_aware(moment):
            return localize(localtime(moment))
    return value


def target_in_words(target_type: str, target_id: str) -> str:
    """The thing: what it is called, and its number."""
    model = kind_of(target_type)
    if model is None:
        return f"{target_type} {target_id}"
    facts = {"thing": model._meta.verbose_name, "id": target_id}
    return _("%(thing)s no. %(id)s") % facts
