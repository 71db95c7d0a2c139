"""A form that moves money or uses a chance, sent twice, is done once: its hidden token is the key.

The second click of two waits for the first one's answer.
"""

import secrets
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.http import HttpRequest

from mall.kernel.idempotency import Answer, InFlight, Key, run_once
from mall.storefront.shopper import the_member

T = TypeVar("T")
TRIES, PAUSE_SECONDS = 40, 0.05
TOKEN = "token"  # noqa: S105 - the name of a field


def new_token() -> str:
    """A key for one sending of a form."""
    return secrets.token_urlsafe(16)


def once(
    request: HttpRequest,
    route: str,
    *,
    verb: Callable[[], T],
    keep: Callable[[T], dict[str, Any]],
    at: datetime,
) -> dict[str, Any]:
    """Run ``verb`` once for the form's token; ``keep`` says what of it is answered again.

    Raises: KeyRequired, KeyInvalid, KeyReused, InFlight, and whatever the verb raises.
    """
    key = Key.read(
        account_id=the_member(request).account_id,
        route=f"page:{route}",
        value=request.POST.get(TOKEN),
        body=_sent(request),
    )
    for _n in range(TRIES):
        try:
            answer = run_once(key, verb=verb, render=lambda done: Answer(200, keep(done)), at=at)
        except InFlight:
            time.sleep(PAUSE_SECONDS)
        else:
            return dict(answer.body)
    raise InFlight


def _sent(request: HttpRequest) -> dict[str, str]:
    """The form as it was sent, but for what changes with every page."""
    return {
        name: value for name, value in request.POST.dict().items() if name != "csrfmiddlewaretoken"
    }
