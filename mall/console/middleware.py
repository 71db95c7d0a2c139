"""Own content policies where a page of others needs more than ours: admin and the API's docs."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class AdminPolicyMiddleware:
    """Replaces the strict policy on /admin/ and on the API's documentation, and nowhere else."""

    POLICIES = (
        ("/admin/", "ADMIN_CONTENT_SECURITY_POLICY"),
        ("/api/docs/", "DOCS_CONTENT_SECURITY_POLICY"),
    )

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for prefix, name in self.POLICIES:
            if request.path.startswith(prefix):
                response._csp_config = getattr(settings, name)  # type: ignore[attr-defined]
        return response
