"""H: the view that does nothing, with CommonMiddleware and nothing else (performance.md)."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="of-no-use",  # noqa: S106 - nothing is signed with it
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
)


def hello(request: HttpRequest) -> HttpResponse:
    """Two words."""
    return HttpResponse("Hello, world")


urlpatterns = [path("", hello)]
application = get_wsgi_application()
