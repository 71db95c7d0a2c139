"""Base classes of the admin. Source: reliability.md 0.4 (6), INV-38."""

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline


class MallAdmin(ModelAdmin):
    """A ModelAdmin that pages lightly and keeps masked fields masked in every channel.

    ``masked_fields`` are hidden from operators without ``mask_permission``: in lists, forms, search and
    - what Django forgets - in look-ups such as ``?cost__gte=500``.
    """

    masked_fields: ClassVar[tuple[str, ...]] = ()
    mask_permission: ClassVar[str] = ""
    list_per_page = 50
    show_full_result_count = False
    list_fullwidth = True
    warn_unsaved_form = True

    def may_see_masked(self, request: HttpRequest) -> bool:
        """True when nothing is masked for this operator."""
        return not self.masked_fields or bool(request.user.has_perm(self.mask_permission))

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        field = lookup.split("__", 1)[0]
        if field in self.masked_fields and not (request and self.may_see_masked(request)):
            return False
        return bool(super().lookup_allowed(lookup, value, request))

    def get_list_display(self, request: HttpRequest) -> Any:
        return self._unmasked(request, super().get_list_display(request))

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> Any:
        hidden = () if self.may_see_masked(request) else self.masked_fields
        return [*(super().get_exclude(request, obj) or ()), *hidden] or None

    def get_search_fields(self, request: HttpRequest) -> Any:
        return self._unmasked(request, super().get_search_fields(request))

    def _unmasked(self, request: HttpRequest, names: Any) -> Any:
        if self.may_see_masked(request):
            return names
        return [
            name
            for name in names
            if str(name).lstrip("-^=@").split("__")[0] not in self.masked_fields
        ]


class _ReadOnly:
    """Looks, never touches."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyAdmin(_ReadOnly, MallAdmin):
    """Ledgers, histories, notices: what nobody may edit, superuser included."""

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        raise PermissionDenied

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions: dict[str, Any] = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


class MallTabularInline(TabularInline):
    """Rows of a form, without an empty one that nobody asked for."""

    extra = 0


class ReadOnlyInline(_ReadOnly, MallTabularInline):
    """Rows to look at."""

    can_delete = False
