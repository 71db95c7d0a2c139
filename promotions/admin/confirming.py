"""The page that asks once more before a deed."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise

from mall.kernel.admin import MallAdmin, VerbPage


def confirmed(
    request: HttpRequest,
    model_admin: MallAdmin,
    *,
    deed: Callable[[], Any],
    words: tuple[str | Promise, str | Promise, str | Promise],
    facts: tuple[tuple[str | Promise, Any], ...],
    back: str,
) -> HttpResponse:
    """Show ``facts`` and run ``deed`` on a POST; ``words`` are title, button and what was done."""
    title, button, done = words
    page = VerbPage(
        title=title,
        form_class=forms.Form,
        run=lambda _typed: deed(),
        done=done,
        back=back,
        button=button,
        facts=facts,
    )
    return page.answer(request, model_admin)
