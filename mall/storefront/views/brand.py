"""The shop's own colours as a stylesheet: its address changes with what is in it (X-03)."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from promotions.selectors import brand_stylesheet, sheet_digest

YEAR_SECONDS = 31_536_000


@require_safe
def brand_css(request: HttpRequest, digest: str) -> HttpResponse:
    """The tokens that operators set; an old address gives the present ones, to be asked again."""
    css = brand_stylesheet()
    now = sheet_digest(css)
    tag = f'"{now}"'
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(css, content_type="text/css; charset=utf-8")
    response.headers["ETag"] = tag
    keeps = f"public, max-age={YEAR_SECONDS}, immutable" if digest == now else "no-cache"
    response.headers["Cache-Control"] = keeps
    return response
