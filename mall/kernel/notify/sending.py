"""Writing messages in a verb, sending them in a task."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import translation

from mall.kernel.db import append
from mall.kernel.notify.channels import sender_of
from mall.kernel.notify.models import Message
from mall.kernel.notify.templates import render, template_of

MAX_ATTEMPTS = 5
BACKOFF = timedelta(minutes=1)


def notify(
    account_ids: Iterable[int],
    template: str,
    params: Mapping[str, Any],
    *,
    at: datetime,
    route: tuple[str, tuple[Any, ...]] | None = None,
    source: str = "",
) -> None:
    """Write one message per account and channel of the template. Queries: 1, none inside
    `appended_together`.

    ``source`` names the cause ("order:2026..."): the same cause never tells the same person twice.
    """
    name, args = route or ("", ())
    append(
        [
            Message(
                account_id=account_id,
                channel=channel,
                template=template,
                params=dict(params),
                route=name,
                route_args=list(args),
                at=at,
                source=source,
                **_fate(channel, at),
            )
            for account_id in account_ids
            for channel in template_of(template).channels
        ],
        ignore_conflicts=True,
    )


def _fate(channel: str, at: datetime) -> dict[str, Any]:
    """An inbox message is there at once; the others wait for the sender."""
    if channel == Message.Channel.INBOX:
        return {"state": Message.State.SENT}
    return {"state": Message.State.WAITING, "next_at": at}


def send_waiting(at: datetime, limit: int = 200) -> int:
    """Send up to ``limit`` messages that are due; returns how many left.

    Each is claimed before the network call by a committed attempt that puts the next one off, so
    two senders never send it both, and a crash repeats at most one.
    """
    sent = 0
    for pk in list(_waiting(at).values_list("pk", flat=True)[:limit]):
        message = _claim(pk, at)
        if message is not None:
            sent += _send(message, at)
    return sent


def _waiting(at: datetime):  # type: ignore[no-untyped-def]
    return Message.objects.filter(
        state=Message.State.WAITING, next_at__lte=at, attempts__lt=MAX_ATTEMPTS
    ).order_by("next_at", "pk")


@transaction.atomic
def _claim(pk: int, at: datetime) -> Message | None:
    message = _waiting(at).filter(pk=pk).select_for_update(of=("self",), skip_locked=True).first()
    if message is not None:
        message.next_at = at + BACKOFF * 2**message.attempts
        message.attempts += 1
        message.save(update_fields=["attempts", "next_at"])
    return message


def _send(message: Message, at: datetime) -> int:
    account = get_user_model().objects.get(pk=message.account_id)
    address = account.email if message.channel == Message.Channel.EMAIL else account.phone
    with translation.override(getattr(account, "language", "zh-hans")):
        title, body = render(message.template, message.params)
    if not address:
        message.state, message.error = Message.State.FAILED, "no address"
    else:
        try:
            sender_of(message.channel)(address, title, body)
        except OSError as error:
            message.error = f"{type(error).__name__}: {error}"[:200]
            if message.attempts >= MAX_ATTEMPTS:
                message.state = Message.State.FAILED
        else:
            message.state, message.sent_at = Message.State.SENT, at
    message.save(update_fields=["state", "error", "sent_at"])
    return int(message.state == Message.State.SENT)
