"""What every page needs."""

from typing import Any

from django.http import HttpRequest


def shop(request: HttpRequest) -> dict[str, Any]:
    """Names and switches of the shop."""
    return {}
