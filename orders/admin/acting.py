"""Who acts, and how amounts are shown."""

from typing import Any

from django.http import HttpRequest

from mall.kernel.money import yuan


def actor_of(request: HttpRequest) -> Any:
    """The operator behind a request of admin, which lets nobody else in."""
    assert request.user.is_authenticated
    return request.user


def amount(fen: int) -> str:
    """Money in a list: ¥1,234.50."""
    return f"¥{yuan(fen)}"
