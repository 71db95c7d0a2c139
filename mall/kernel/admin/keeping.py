"""A form that a verb refused comes back as it was typed, the refusal above it.

What takes minutes to type is not typed twice for one word.
"""

from typing import Any

from django import forms
from django.contrib.messages import get_messages
from django.http import HttpRequest

from mall.kernel.errors import ShopError

REFUSAL = "mall_form_refusal"


class Refused(forms.ModelForm):
    """A form whose values a verb did not take."""

    refusal: str

    def clean(self) -> Any:
        cleaned = super().clean()
        self.add_error(None, self.refusal)
        return cleaned


class KeepsTyped:
    """Runs the view once more after a refusal, which rolled back what it did, with a form that
    says it instead of saving."""

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(request, *args, **kwargs)  # type: ignore[misc]
        refusal = getattr(request, REFUSAL, "")
        return type(form.__name__, (Refused, form), {"refusal": refusal}) if refusal else form

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        view: Any = super().changeform_view  # type: ignore[misc]
        said: list[Any] = getattr(get_messages(request), "_queued_messages", [])
        before = len(said)
        try:
            return view(request, *args, **kwargs)
        except ShopError as error:
            if request.method != "POST":
                raise
            setattr(request, REFUSAL, str(error))
            del said[before:]  # what it told of was undone, too
            for upload in (one for _name, files in request.FILES.lists() for one in files):
                upload.seek(0)
            return view(request, *args, **kwargs)
