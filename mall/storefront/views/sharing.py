"""Share a page; follow a shared one. Source: M-65."""

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mall.kernel import clock
from mall.storefront import sharing
from mall.storefront.shopper import member_of
from promotions.selectors import scene_of, share_card
from promotions.services import note_visit

POSTER_SECONDS = 3600


@require_safe
def share(request: HttpRequest, kind: str, target: str) -> HttpResponse:
    """The link to copy, the poster to save, the phone's own sheet. Queries: 3 and the shell's."""
    context = sharing.sheet(kind, target, member_of(request), clock.now())
    context["breadcrumb"] = [{"label": _("Share")}]
    response = render(request, "storefront/share.html", context)
    add_never_cache_headers(response)
    return response


@require_safe
def visit(request: HttpRequest, code: str) -> HttpResponse:
    """Follow a shared page: counted, remembered until an order, and on to the page."""
    member, at = member_of(request), clock.now()
    scene = note_visit(
        code=code,
        visitor=sharing.visitor_of(request),
        member_id=member.pk if member else None,
        at=at,
    )
    card = share_card(scene.kind, scene.target, at)
    response = redirect(sharing.landing_of(card, code))
    add_never_cache_headers(response)
    is_own = member is not None and member.pk == scene.member_id
    return response if is_own else sharing.remember_share(response, code)


@require_safe
def poster(request: HttpRequest, code: str) -> FileResponse:
    """The poster as a picture."""
    scene = scene_of(code)
    name = sharing.poster_name(share_card(scene.kind, scene.target, clock.now()), code)
    response = FileResponse(default_storage.open(name), content_type="image/png")
    response["Cache-Control"] = f"public, max-age={POSTER_SECONDS}"
    return response
