"""What every endpoint stands on: strict bodies, cursor pages, throttles, keyed answers.

One view per operation: parse with a StrictSerializer, call one verb or selector, render explicit
fields. Every view declares ``permission_classes`` and ``throttle_scope``.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from django.core.exceptions import ValidationError as InvalidValue
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import inline_serializer
from rest_framework import permissions, serializers
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import CursorPagination as DrfCursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle, ScopedRateThrottle
from rest_framework.views import APIView

from mall.kernel import clock
from mall.kernel.client_ip import client_ip
from mall.kernel.db.cache import counted
from mall.kernel.idempotency import Answer, Key, run_once
from mall.kernel.words import localized

T = TypeVar("T")

__all__ = [
    "CursorPage",
    "Endpoint",
    "IsMember",
    "StrictSerializer",
    "Throttle",
    "localized",
    "page_of",
]


class StrictSerializer(serializers.Serializer):
    """A body with exactly the declared fields; an unknown one is a 400 that names it (ATK-21,
    ATK-81)."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            unknown = [_shown(key) for key in data if key not in self.fields]
            if unknown:
                raise ValidationError(
                    {
                        key: [serializers.ErrorDetail(str(_("Unknown field.")), "unknown")]
                        for key in unknown
                    }
                )
        return super().to_internal_value(data)


def _shown(key: Any) -> str:
    """A name as it can be repeated in an answer: short, and without lone surrogates."""
    return str(key)[:60].encode("utf-8", "backslashreplace").decode()


class Throttle(ScopedRateThrottle):
    """Per account, else per real client address: so many in a minute that begins with the first.

    One number a minute. DRF keeps every request's instant and reads and writes them all at each,
    under keys of other names.
    """

    cache_format = "limit_%(scope)s_%(ident)s"

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Count it, and let it in unless there were too many."""
        self.scope = view.throttle_scope  # type: ignore[attr-defined]
        rate: Any = self.parse_rate(self.get_rate())
        most, seconds = rate
        times, self.seconds_left = counted(str(self.get_cache_key(request, view)), seconds)
        return bool(times <= most)

    def wait(self) -> float:
        """Until the next minute begins."""
        return self.seconds_left

    def get_ident(self, request: Request) -> str:
        return client_ip(request._request)


class IsMember(permissions.BasePermission):
    """A signed-in shopper."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return bool(request.user and request.user.is_authenticated)


class Endpoint(APIView):
    """Base of all views. ``permission_classes`` and ``throttle_scope`` are declared on each.

    The scope limits deeds; looking at the same address counts as browsing.
    """

    throttle_classes = [Throttle]
    throttle_scope: str = "browse"

    def get_throttles(self) -> list[BaseThrottle]:
        if self.request.method in permissions.SAFE_METHODS:
            self.throttle_scope = "browse"
        return super().get_throttles()

    def body(self, serializer_class: type[serializers.Serializer]) -> dict[str, Any]:
        """The validated body. Raises: ValidationError."""
        reader = _reader(serializer_class, translation.get_language())
        return dict(reader.run_validation(self.request.data))

    def once(self, route: str, verb: Callable[[], T], render: Callable[[T], Answer]) -> Response:
        """Run a keyed verb (Idempotency-Key) and answer, or replay the stored answer."""
        key = Key.read(
            account_id=self.request.user.pk or 0,
            route=route,
            value=self.request.headers.get("Idempotency-Key"),
            body=self.request.data,
        )
        answer = run_once(key, verb=verb, render=render, at=clock.now())
        return Response(answer.body, status=answer.status, headers=answer.headers)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Speak the client's language: pages take theirs from the path, the API from
        Accept-Language."""
        translation.activate(translation.get_language_from_request(request))
        return super().dispatch(request, *args, **kwargs)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Content-Language"] = translation.get_language() or "zh-hans"
        patch_vary_headers(response, ["Accept-Language"])
        return response


@cache
def _reader(shape: type[serializers.Serializer], _language: str | None) -> serializers.Serializer:
    """What reads all bodies of a shape: a serializer of its own would copy every field for each.

    One a language, as DRF's words of limits stay in the one that they were first said in.
    """
    return shape()


class CursorPage(DrfCursorPagination):
    """{next, previous, results}; page_size 1 to 100, anything else is a 400."""

    page_size = 20
    max_page_size = 100
    page_size_query_param = "page_size"

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> Any:
        """One page. Raises: ValidationError for a cursor that no list gave out (ATK-91)."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except (InvalidValue, ValueError) as error:
            if not request.query_params.get(self.cursor_query_param):
                raise
            raise ValidationError({"cursor": [_("A cursor out of next or previous.")]}) from error

    def get_page_size(self, request: Request) -> int:
        raw = request.query_params.get(self.page_size_query_param)
        if raw is None:
            return self.page_size
        is_short = len(raw) <= len(str(self.max_page_size))  # 00001000 is a thousand
        if not (
            is_short and raw.isascii() and raw.isdigit() and 1 <= int(raw) <= self.max_page_size
        ):
            raise ValidationError({"page_size": [_("A whole number from 1 to 100.")]})
        return int(raw)


@cache
def page_of(shape: type[serializers.Serializer]) -> serializers.Serializer:
    """What the schema says of a list of ``shape``: {next, previous, results}."""
    return inline_serializer(
        f"{shape.__name__.removesuffix('Shape')}Page",
        {
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
            "results": shape(many=True),
        },
    )
