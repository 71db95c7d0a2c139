"""Who acts."""

from typing import Any

from django.http import HttpRequest


def actor_of(request: HttpRequest) -> Any:
    """The operator behind a request of admin, which lets nobody else in."""
    assert request.user.is_authenticated
    return request.user
