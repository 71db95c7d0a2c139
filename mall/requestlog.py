"""What the log says of each request: its id, who asked, and from which address."""

import structlog
from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware

from mall.kernel.client_ip import client_ip


class RequestLogMiddleware(RequestMiddleware):
    """django-structlog's, with the address that our own proxies vouch for: it would believe what
    the client writes into a header (ATK-97), and looks at twenty of them for it."""

    @classmethod
    def bind_ip(cls, request: HttpRequest) -> None:
        structlog.contextvars.bind_contextvars(ip=client_ip(request))
