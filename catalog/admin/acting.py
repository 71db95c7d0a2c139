"""Who acts, and a verb's refusal as an error of the form."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest

from mall.kernel.errors import ShopError


def actor_of(request: HttpRequest) -> Any:
    """The operator behind a request of admin, which lets nobody else in."""
    assert request.user.is_authenticated
    return request.user


@contextmanager
def refusals_as_errors() -> Iterator[None]:
    """Inside ``clean()``: what the shop refuses is an error of the field that asked."""
    try:
        yield
    except ShopError as error:
        raise ValidationError(str(error), code=error.code) from error
