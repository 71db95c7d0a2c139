"""The database's rules in words: what a form says when a constraint refuses what was typed.

Django would say "Constraint “x” is violated." and name it as the migration does. Of a condition
that joins several, the parts that do not hold are said one by one, each at its field.
"""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import CheckConstraint, DateField, F, Field, Model, Q, UniqueConstraint
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mall.kernel.admin.showing import percent
from mall.kernel.db import FenField
from mall.kernel.money import yuan

Rule = CheckConstraint | UniqueConstraint
NUMBERS: dict[str, str | Promise] = {
    "gt": gettext_lazy("%(field)s must be more than %(other)s."),
    "gte": gettext_lazy("%(field)s must not be less than %(other)s."),
    "lt": gettext_lazy("%(field)s must be less than %(other)s."),
    "lte": gettext_lazy("%(field)s must not be more than %(other)s."),
}
MOMENTS: dict[str, str | Promise] = {
    "gt": gettext_lazy("%(field)s must be later than %(other)s."),
    "gte": gettext_lazy("%(field)s must not be before %(other)s."),
    "lt": gettext_lazy("%(field)s must be earlier than %(other)s."),
    "lte": gettext_lazy("%(field)s must not be after %(other)s."),
}


class SpeaksRules:
    """A form whose refusals by a constraint are sentences about its fields."""

    instance: Model
    fields: dict[str, Any]

    def add_error(self, field: str | None, error: Any) -> None:
        if field is None and hasattr(error, "error_dict"):
            error = ValidationError(dict(self._spoken(error.error_dict)))
        super().add_error(field, error)  # type: ignore[misc]

    def _spoken(self, errors: dict[str, list[ValidationError]]) -> Iterator[tuple[str, Any]]:
        """The same errors, those without words of their own told at the field they are about."""
        told: dict[str, list[Any]] = {}
        rules = {r.get_violation_error_message(): r for r in _wordless(self.instance)}
        for field, found in errors.items():
            for error in found:
                rule = rules.get(str(error.message))
                if rule is None:
                    told.setdefault(field, []).append(error)
                    continue
                for names, words in broken(rule, self.instance):
                    at = next((name for name in names if name in self.fields), NON_FIELD_ERRORS)
                    told.setdefault(at, []).append(words)
        yield from told.items()


def _wordless(row: Model) -> Iterator[Rule]:
    """The constraints of a row that were given no sentence."""
    for __, rules in row.get_constraints():
        for rule in rules:
            is_wordless = rule.violation_error_message == rule.default_violation_error_message
            if is_wordless and isinstance(rule, CheckConstraint | UniqueConstraint):
                yield rule


def broken(rule: Rule, row: Model) -> list[tuple[list[str], str]]:
    """What of a broken ``rule`` does not hold: the fields it is about, and the sentence.

    Queries: one a part of the condition, none of them on a table.
    """
    if not isinstance(rule, CheckConstraint):
        names = list(rule.fields)
        return [(names, _("There is one already with the same %(fields)s.") % _said(row, names))]
    parts = _parts(rule.condition)
    against = row._get_field_expression_map(meta=row._meta)  # type: ignore[attr-defined]
    unmet = [part for part in parts if not Q(part).check(against)]
    return [_sentence(part, row) for part in unmet or [rule.condition]]


def _parts(condition: Any) -> list[Any]:
    """What must hold together; one thing when it is an either-or."""
    if isinstance(condition, Q) and condition.connector == Q.AND and not condition.negated:
        return [part for child in condition.children for part in _parts(child)]
    return [condition]


def _sentence(part: Any, row: Model) -> tuple[list[str], str]:
    """One comparison in words; an either-or names the fields that must be looked at."""
    if isinstance(part, tuple):
        name, __, lookup = part[0].partition("__")
        field: Any = row._meta.get_field(name)
        value = part[1]
        words = MOMENTS if isinstance(field, DateField) else NUMBERS
        if lookup in words and isinstance(value, F | int | float):
            facts = {"field": _name(field), "other": _other(field, value, row)}
            return [name], words[lookup] % facts
        if lookup == "range":
            least, most = (_other(field, end, row) for end in value)
            facts = {"field": _name(field), "least": least, "most": most}
            return [name], _("%(field)s must be from %(least)s to %(most)s.") % facts
    names = list(dict.fromkeys(_fields_of(part, row)))
    return names, _("These do not go together as they are: %(fields)s.") % _said(row, names)


def _other(field: Field, value: Any, row: Model) -> str:
    """What a field is compared with: another field's name, or a number as its form shows it."""
    if isinstance(value, F):
        return _name(row._meta.get_field(value.name))  # type: ignore[attr-defined]
    if isinstance(field, FenField):
        return yuan(int(value))
    return percent(int(value)) if field.name.endswith("_bp") else f"{value}"


def _fields_of(condition: Any, row: Model) -> Iterator[str]:
    """The names of the fields that a condition speaks of."""
    refs = row._get_expr_references(  # type: ignore[attr-defined]
        condition if isinstance(condition, Q) else Q(condition)
    )
    for name, *__ in refs:
        yield row._meta.pk.name if name == "pk" else name


def _said(row: Model, names: list[str]) -> dict[str, str]:
    return {"fields": ", ".join(_name(row._meta.get_field(name)) for name in names)}


def _name(field: Any) -> str:
    return f"“{capfirst(field.verbose_name)}”"
