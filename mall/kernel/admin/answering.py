"""What a form asks beside the row's own columns, told to who may only look.

Django prints the columns of a row and the methods of a screen there; for a field that only the
form knows (a rate in per cent, the names a scope covers) it prints the sign for nothing.
"""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.choices import flatten_choices
from django.utils.translation import gettext as _

SEPARATOR = ", "


def tell_answers(screen: Any, form: Any) -> None:
    """Put what the form's own fields hold on its row, where a look-only page looks for it.

    Queries: one for each field that names other rows.
    """
    columns = {field.name for field in form.instance._meta.get_fields()}
    for name in form.fields:
        if name not in columns and not hasattr(screen, name):
            setattr(form.instance, name, answer(form[name]))


def answer(asked: forms.BoundField) -> str:
    """What a field holds, in words."""
    field, value = asked.field, asked.value()
    if value is None or value == "" or isinstance(field, forms.FileField):
        return ""
    if isinstance(field, forms.ModelChoiceField):
        rows = field.queryset.filter(pk__in=_listed(value))  # type: ignore[union-attr]
        return SEPARATOR.join(str(row) for row in rows)
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        pairs: Any = flatten_choices(choices)
        words = {str(key): label for key, label in pairs}
        return SEPARATOR.join(str(words.get(str(one), one)) for one in _listed(value))
    if isinstance(field, forms.BooleanField):
        return _("Yes") if value else _("No")
    return str(value)


def _listed(value: Any) -> list[Any]:
    """One or several, as several; rows by their keys."""
    is_several = isinstance(value, list | tuple | set | QuerySet)
    several = list(value) if is_several else [value]
    return [getattr(one, "pk", one) for one in several]
