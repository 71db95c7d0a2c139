"""Back ends of the outside channels. The local ones write a log line and remember nothing.

A back end is a callable ``send(address, title, body)`` named in settings; an exception means "try
later".
"""

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.mail import send_mail
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)
Sender = Callable[[str, str, str], None]


def sender_of(channel: str) -> Sender:
    """The configured back end of a channel."""
    sender: Sender = import_string(settings.MALL_CHANNELS[channel])
    return sender


def send_sms(phone: str, body: str) -> None:
    """Send one SMS now: for one-time codes, which must not be stored. Call it outside
    transactions."""
    sender_of("sms")(phone, "", body)


def log_only(address: str, title: str, body: str) -> None:
    """The console back end: says that a message left, without its words or the whole address."""
    logger.info(
        "message sent", extra={"to": address[:3] + "****", "title": title, "size": len(body)}
    )


def email(address: str, title: str, body: str) -> None:
    """E-mail by Django's configured mail back end."""
    send_mail(title, body, None, [address])
