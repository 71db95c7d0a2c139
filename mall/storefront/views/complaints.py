"""Somebody says that goods infringe a right of theirs: a form open to everybody. Source: C-63."""

import hashlib

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.selectors import cards_of, check_on_sale
from catalog.services import file_complaint
from mall.kernel import clock
from mall.kernel.client_ip import client_ip
from mall.kernel.errors import ShopError, TooMany
from mall.kernel.words import localized
from mall.storefront.complaint_forms import ComplaintForm
from mall.storefront.shopper import member_of

A_DAY = 86_400
MOST_OF_ONE_ADDRESS = 5


@require_http_methods(["GET", "HEAD", "POST"])
def complain(request: HttpRequest, product_id: int) -> HttpResponse:
    """Ask for the claim and its papers; answer with the number of the case."""
    at = clock.now()
    check_on_sale(product_id, at)
    title = localized(cards_of([product_id], at=at)[product_id], "title")
    is_sent = request.method == "POST"
    form = ComplaintForm(request.POST, request.FILES) if is_sent else ComplaintForm()
    number = _file(request, form, product_id) if is_sent and form.is_valid() else ""
    context = {
        "product": {"id": product_id, "name": title},
        "form": form,
        "number": number,
        "breadcrumb": [{"label": _("Report an infringement")}],
    }
    status = 400 if is_sent and not number else 200
    response = render(request, "storefront/complaint.html", context, status=status)
    add_never_cache_headers(response)
    return response


def _is_calm(request: HttpRequest) -> bool:
    """True while this address has not filed too many today; the verb has limits of its own, so
    without the cache nothing is open."""
    digest = hashlib.sha256(client_ip(request).encode()).hexdigest()[:32]
    filed = int(cache.get(f"complaints:{digest}", 0)) + 1
    cache.set(f"complaints:{digest}", filed, A_DAY)
    return filed <= MOST_OF_ONE_ADDRESS


def _file(request: HttpRequest, form: ComplaintForm, product_id: int) -> str:
    member = member_of(request)
    if not _is_calm(request):
        form.add_error(None, str(TooMany(retry_after_seconds=A_DAY)))
        return ""
    try:
        case = file_complaint(
            product_id=product_id,
            claim=form.claim(),
            files=form.papers(),
            account=member.account if member else None,
            at=clock.now(),
        )
    except ShopError as error:
        form.add_error(None, str(error))
        return ""
    return case.number
