"""The design system on one page: every token and component, to look at and to test."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mall.kernel import clock
from mall.storefront import samples


@require_safe
def design(request: HttpRequest) -> HttpResponse:
    """For the demo and for operators: shoppers have no use for it. Queries: none of its own."""
    if not settings.DEMO and not request.user.is_staff:
        raise Http404
    return render(request, "storefront/design.html", samples.context(clock.now()))
