"""A red packet behind a shared link."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mall.kernel import clock
from mall.kernel.money import yuan
from mall.storefront.shopper import member_of, members_only, the_member
from promotions.presenting import packet_dict
from promotions.selectors import packet_view
from promotions.services import claim_packet


@require_safe
def packet(request: HttpRequest, code: str) -> HttpResponse:
    """What is in it, who had what, the button, the link to share."""
    member = member_of(request)
    view = packet_view(code, member.pk if member else None)
    shape = packet_dict(view, clock.now())
    claims = zip(shape["claims"], view.claims, strict=True)
    context = {
        "packet": {
            **shape,
            "ends_at": view.packet.ends_at,
            "claims": [{**claim, "at": row.at} for claim, row in claims],
            "taken": view.claims[0].position if view.claims else 0,
        },
        "link": request.build_absolute_uri(request.path),
        "breadcrumb": [{"label": _("Red packet")}],
    }
    response = render(request, "storefront/packet.html", context)
    add_never_cache_headers(response)
    return response


@require_POST
@members_only
def packet_claim(request: HttpRequest, code: str) -> HttpResponse:
    """Take one share; the constraint of one a member makes a double click harmless."""
    claim = claim_packet(code=code, member_id=the_member(request).pk, at=clock.now())
    amount = yuan(claim.amount_fen)
    messages.success(request, _("¥%(amount)s is in your wallet.") % {"amount": amount})
    return redirect("storefront:packet", code)
