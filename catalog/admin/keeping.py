"""A form that a verb refused comes back as it was typed, the refusal above it.

The base admin leads back to what is stored; goods, categories and brands are too much to type twice
for one word.
"""

from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from mall.kernel.admin import MallAdmin
from mall.kernel.errors import ShopError

REFUSAL = "catalog_form_refusal"


class Refused(forms.ModelForm):
    """A form whose values a verb did not take."""

    refusal: str

    def clean(self) -> Any:
        cleaned = super().clean()
        self.add_error(None, self.refusal)
        return cleaned


class KeepsTyped(MallAdmin):
    """Runs the view once more after a refusal, with a form that says it instead of saving."""

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        refusal = getattr(request, REFUSAL, "")
        return type(form.__name__, (Refused, form), {"refusal": refusal}) if refusal else form

    def _changeform_view(self, request: HttpRequest, *args: Any) -> HttpResponse:
        view: Any = super()._changeform_view
        try:
            with transaction.atomic():
                answer: HttpResponse = view(request, *args)
        except ShopError as error:
            setattr(request, REFUSAL, str(error))
            for upload in (one for _name, files in request.FILES.lists() for one in files):
                upload.seek(0)
            answer = view(request, *args)
        return answer
