"""Help and policies."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mall.kernel.words import localized
from promotions.selectors import help_page


@require_safe
def help_text(request: HttpRequest, slug: str) -> HttpResponse:
    """One help page."""
    row = help_page(slug)
    page = {"slug": slug, "title": localized(row, "title"), "body": localized(row, "body")}
    context = {"page": page, "breadcrumb": [{"label": _("Help")}, {"label": page["title"]}]}
    return render(request, "storefront/help.html", context)
