"""Columns that only some operators may see, hidden in every channel (INV-38, ATK-83)."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.http import HttpRequest


class Masked:
    """For screens and inlines: without ``mask_permission`` the ``masked_fields`` are gone.

    From forms and fieldsets, and in a screen also from lists, filters, search and - what Django
    forgets - from look-ups such as ``?cost_fen__gte=500``. Name display methods here as well.
    """

    masked_fields: ClassVar[tuple[str, ...]] = ()
    mask_permission: ClassVar[str] = ""

    def may_see_masked(self, request: HttpRequest) -> bool:
        """True when nothing is masked for this operator."""
        return not self.masked_fields or bool(request.user.has_perm(self.mask_permission))

    def unmasked(self, request: HttpRequest, names: Iterable[Any]) -> list[Any]:
        """``names`` of fields, possibly in tuples of one row, without the masked ones."""
        if self.may_see_masked(request):
            return list(names)
        kept: list[Any] = []
        for name in names:
            if isinstance(name, list | tuple) and not _is_filter(name):
                kept.append(self.unmasked(request, name))
            elif _field(name) not in self.masked_fields:
                kept.append(name)
        return kept

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> Any:
        hidden = () if self.may_see_masked(request) else self.masked_fields
        return [*(super().get_exclude(request, obj) or ()), *hidden] or None  # type: ignore[misc]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.unmasked(request, super().get_readonly_fields(request, obj))  # type: ignore[misc]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return [
            (title, {**options, "fields": self.unmasked(request, options["fields"])})
            for title, options in super().get_fieldsets(request, obj)  # type: ignore[misc]
        ]


class MaskedList(Masked):
    """The channels that only a changelist has."""

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        if not (request and self.may_see_masked(request)) and _field(lookup) in self.masked_fields:
            return False
        return bool(super().lookup_allowed(lookup, value, request))  # type: ignore[misc]

    def get_list_display(self, request: HttpRequest) -> Any:
        return self.unmasked(request, super().get_list_display(request))  # type: ignore[misc]

    def get_list_filter(self, request: HttpRequest) -> Any:
        return self.unmasked(request, super().get_list_filter(request))  # type: ignore[misc]

    def get_search_fields(self, request: HttpRequest) -> Any:
        return self.unmasked(request, super().get_search_fields(request))  # type: ignore[misc]

    def get_sortable_by(self, request: HttpRequest) -> Any:
        return self.unmasked(request, super().get_sortable_by(request))  # type: ignore[misc]


def _is_filter(name: Any) -> bool:
    """A (field, FilterClass) pair of list_filter, not a row of a form."""
    return len(name) == 2 and isinstance(name[1], type)


def _field(name: Any) -> str:
    field = name[0] if isinstance(name, list | tuple) else name
    return str(field).lstrip("-^=@").split("__", 1)[0]
