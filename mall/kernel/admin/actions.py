"""Running a verb from a screen: the shop's refusal becomes a sentence, never a stack trace."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.functional import Promise

from mall.kernel.errors import ShopError


def actor_of(request: HttpRequest) -> Any:
    """The operator behind a request of admin, which lets nobody else in."""
    assert request.user.is_authenticated
    return request.user


def run_verb(request: HttpRequest, verb: Callable[[], Any], done: str | Promise) -> bool:
    """Call ``verb`` and tell the operator ``done``, or why not; True when it was done."""
    try:
        verb()
    except ShopError as error:
        messages.error(request, str(error))
        return False
    messages.success(request, str(done))
    return True
