"""Base classes of the admin. Source: reliability.md 0.4 (6), INV-38."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponseRedirect
from unfold.admin import ModelAdmin, TabularInline

from mall.kernel.admin.answering import tell_answers
from mall.kernel.admin.inputs import PercentInput
from mall.kernel.admin.keeping import KeepsTyped
from mall.kernel.admin.masking import Masked, MaskedList
from mall.kernel.admin.showing import YuanListed, YuanShown
from mall.kernel.admin.wording import SpeaksRules
from mall.kernel.db import BpField, unsafe_reason
from mall.kernel.errors import ShopError


class MallAdmin(KeepsTyped, YuanListed, MaskedList, ModelAdmin):
    """A ModelAdmin that pages lightly, keeps masked fields masked in every channel, and gives a
    refused form back as it was typed."""

    formfield_overrides: Any = {BpField: {"widget": PercentInput}}
    list_per_page = 50
    show_full_result_count = False
    list_fullwidth = True
    warn_unsaved_form = True

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return _speaking(super().get_form(request, *args, **kwargs))

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> Any:
        return _speaking(super().get_changelist_form(request, **kwargs))

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """A refusal that no form can show is said where the page was."""
        return _or_refusal(
            request, lambda: super(MallAdmin, self).changeform_view(request, *args, **kwargs)
        )

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        """Who may only look sees what the form would have shown, in its rows too."""
        if kwargs.get("change") and not self.has_change_permission(request, kwargs.get("obj")):
            tell_answers(self, context["adminform"].form)
            for inline in context["inline_admin_formsets"]:
                for form in inline.formset.forms:
                    tell_answers(inline.opts, form)
        return super().render_change_form(request, context, *args, **kwargs)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """An address that asks for what no column can hold shows the whole list (ATK-43, 44)."""
        if any(unsafe_reason(value) for values in request.GET.lists() for value in values[1]):
            raise IncorrectLookupParameters
        try:
            return super().get_changelist_instance(request)
        except OverflowError as error:  # a year of thirty figures, which Django does not expect
            raise IncorrectLookupParameters from error

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The same for a list whose columns are typed in."""
        return _or_refusal(
            request, lambda: super(MallAdmin, self).changelist_view(request, *args, **kwargs)
        )


def _speaking(form: Any) -> Any:
    """The form, whose refusals by the database's rules are sentences."""
    return type(form.__name__, (SpeaksRules, form), {})


def _or_refusal(request: HttpRequest, view: Callable[[], Any]) -> Any:
    """The view's answer; a refusal is said on the same page, and nothing typed was saved."""
    try:
        return view()
    except ShopError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(request.get_full_path())


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


class OneRowAdmin(MallAdmin):
    """A policy: one row, made when it is first saved by who may change it; defaults hold until
    then. The database is asked on the policy's own pages only, not for every menu."""

    is_policy = True

    def has_add_permission(self, request: HttpRequest) -> bool:
        meta, match = self.model._meta, request.resolver_match
        here = match and f"{match.url_name}".startswith(f"{meta.app_label}_{meta.model_name}_")
        may = bool(here) and super().has_change_permission(request)
        return may and not self.model._default_manager.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class MallTabularInline(YuanShown, Masked, TabularInline):
    """Rows of a form, without an empty one that nobody asked for, and without a line above each
    that says its key."""

    formfield_overrides: Any = {BpField: {"widget": PercentInput}}
    extra = 0
    hide_title = True

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        formset.form = _speaking(formset.form)
        return formset


class ReadOnlyInline(_ReadOnly, MallTabularInline):
    """Rows to look at."""

    can_delete = False
