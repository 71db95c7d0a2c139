"""A page of the admin that asks for a few figures and runs one verb with them.

Money and stock move here, not in a change form: the page opens no transaction of its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.functional import Promise

from mall.kernel.admin.actions import run_verb

Words = str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class VerbPage:
    """``run`` gets the cleaned form; ``done`` is said after it, ``back`` is where one goes then.

    ``facts`` are (label, value) pairs shown above the form.
    """

    title: Words
    form_class: type[forms.Form]
    run: Callable[[Mapping[str, Any]], Any]
    done: Words
    back: str
    button: Words
    initial: Mapping[str, Any] | None = None
    facts: tuple[tuple[Words, Any], ...] = ()

    def answer(self, request: HttpRequest, model_admin: ModelAdmin) -> HttpResponse:
        """Show the form, or run the verb; a refusal is said above what was typed."""
        is_sent = request.method == "POST"
        typed, files = (request.POST, request.FILES) if is_sent else (None, None)
        form = self.form_class(typed, files, initial=dict(self.initial or {}))
        if form.is_valid() and run_verb(request, lambda: self.run(form.cleaned_data), self.done):
            return HttpResponseRedirect(self.back)
        context = {
            **model_admin.admin_site.each_context(request),
            "opts": model_admin.model._meta,
            "media": model_admin.media + form.media,
            "title": self.title,
            "page": self,
            "form": form,
        }
        return TemplateResponse(request, "kernel/verb_page.html", context)
