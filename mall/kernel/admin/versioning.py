"""Two operators edit the same thing: the second is told, and overwrites nothing (F-37).

The form carries the ``version`` that it showed; every verb that writes such a row counts it up.
Source: reliability.md 2.5.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mall.kernel.admin.base import MallAdmin

FIELD = "seen_version"
CHANGED_SINCE = _(
    "Somebody else has changed this since you opened it. Nothing of yours was saved:"
    " open it again to see what it is now."
)


class VersionChecked(forms.ModelForm):
    """A form that knows which version of its row it showed."""

    version_of: Callable[..., str]
    """Of the admin that made it."""

    def seen_version(self) -> str:
        """What the hidden field says; empty for a new row."""
        if self.is_bound:
            return str(self.data.get(FIELD, ""))
        return self.version_of(self.instance) if self.instance.pk else ""

    def clean(self) -> Any:
        """Locks: the row, until the view's transaction has written it."""
        cleaned = super().clean()
        seen = self.seen_version()
        if self.instance.pk and seen:
            rows = type(self.instance)._default_manager.filter(pk=self.instance.pk)
            row = rows.select_for_update(of=("self",), no_key=True).only("version").get()
            if self.version_of(row, locked=True) != seen:
                raise ValidationError(CHANGED_SINCE, code="changed_since")
        return cleaned


class VersionedAdmin(MallAdmin):
    """The admin of a model with a ``version``: of two who save at once the second is refused."""

    change_form_before_template = "kernel/seen_version.html"

    def version_of(self, row: Any, *, locked: bool = False) -> str:
        """What the form shows, as one text; with what is shown beside it when that has a life of
        its own. ``locked``: the row is held already, and so must be what stands beside it."""
        return str(row.version)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = kwargs.get("form", self.form)
        named = {"version_of": staticmethod(self.version_of)}
        checked = type(form.__name__, (VersionChecked, form), named)
        return super().get_form(request, obj, change=change, **{**kwargs, "form": checked})
