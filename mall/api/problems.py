"""Every refusal as RFC 9457 problem+json: one shape for shop rules, shapes, rights and crashes
(api.md)."""

import uuid
from collections.abc import Mapping
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DatabaseError
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

from mall.kernel.db.locking import is_busy
from mall.kernel.errors import Busy, InvalidInput, NotFound, ShopError

CONTENT_TYPE = "application/problem+json"
CODES: dict[type[exceptions.APIException], str] = {
    exceptions.ParseError: "request.malformed",
    exceptions.NotAuthenticated: "auth.required",
    exceptions.AuthenticationFailed: "auth.token_invalid",
    exceptions.PermissionDenied: "auth.forbidden",
    exceptions.NotFound: "kernel.not_found",
    exceptions.MethodNotAllowed: "request.method_not_allowed",
    exceptions.NotAcceptable: "request.not_acceptable",
    exceptions.UnsupportedMediaType: "request.media_type",
    exceptions.Throttled: "kernel.too_many",
    exceptions.ValidationError: "request.invalid",
}


def handle(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF's exception handler: the error as a problem, None for a bug (a clean 500 by the roof)."""
    problem = _problem_of(error)
    if problem is None:
        return None
    set_rollback()
    body, headers = problem
    return Response(body, status=body["status"], headers=headers, content_type=CONTENT_TYPE)


def _problem_of(error: Exception) -> tuple[dict[str, Any], dict[str, str]] | None:
    if isinstance(error, DatabaseError) and is_busy(error):
        error = Busy()
    elif isinstance(error, Http404):
        error = NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    elif isinstance(error, RequestDataTooBig):
        error = exceptions.ParseError(_("The body is larger than 256 KB."))
    if isinstance(error, ShopError):
        return _of_shop_error(error)
    if isinstance(error, exceptions.APIException):
        return _of_api_exception(error)
    return None


def problem(code: str, title: str, http_status: int, **extra: Any) -> dict[str, Any]:
    """The body of a problem document."""
    return {
        "type": "about:blank",
        "title": title,
        "status": http_status,
        "code": code,
        "detail": title,
        **extra,
        "trace_id": structlog.contextvars.get_contextvars().get("request_id") or uuid.uuid4().hex,
    }


def _of_shop_error(error: ShopError) -> tuple[dict[str, Any], dict[str, str]]:
    extra: dict[str, Any] = {"facts": error.facts} if error.facts else {}
    if isinstance(error, InvalidInput):
        field = {"field": error.facts.get("field"), "code": error.code, "message": str(error)}
        extra["errors"] = [{**field, "allowed": str(error.facts.get("allowed", ""))}]
        extra.pop("facts", None)
    wait = error.retry_after_seconds or error.facts.get("retry_after_seconds")
    headers = {"Retry-After": str(wait)} if wait else {}
    return problem(error.code, str(error), error.http_status, **extra), headers


def _of_api_exception(error: exceptions.APIException) -> tuple[dict[str, Any], dict[str, str]]:
    code = next((text for kind, text in CODES.items() if isinstance(error, kind)), "kernel.error")
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = str(getattr(error, "auth_header", ""))
    if isinstance(error, exceptions.Throttled):
        headers["Retry-After"] = str(int(getattr(error, "wait", 0) or 1) + 1)
    if isinstance(error, exceptions.ValidationError):
        errors = list(_flatten(error.get_full_details(), ""))
        title = _("Some fields are not right.")
        return problem(code, title, status.HTTP_400_BAD_REQUEST, errors=errors), headers
    return problem(code, str(error.detail), error.status_code), headers


def _flatten(details: Any, path: str) -> Any:
    """Nested DRF error details as flat rows: lines[0].quantity."""
    if isinstance(details, Mapping) and set(details) == {"message", "code"}:
        yield {"field": path or "body", "code": details["code"], "message": str(details["message"])}
    elif isinstance(details, Mapping):
        for key, value in details.items():
            inner = f"{path}[{key}]" if isinstance(key, int) else f"{path}.{key}".lstrip(".")
            yield from _flatten(value, path if key == "non_field_errors" else inner)
    elif isinstance(details, list):
        leaves = all(
            isinstance(item, Mapping) and set(item) == {"message", "code"} for item in details
        )
        for index, item in enumerate(details):
            yield from _flatten(item, path if leaves else f"{path}[{index}]")


def plain(request: HttpRequest, code: str, title: str, http_status: int) -> JsonResponse:
    """A problem outside DRF: unknown routes, crashes."""
    response = JsonResponse(
        problem(code, title, http_status), status=http_status, content_type=CONTENT_TYPE
    )
    response["Content-Language"] = get_language() or "zh-hans"
    return response
