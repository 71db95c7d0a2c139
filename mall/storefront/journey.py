"""How a visitor came: the channel and the campaign of the link, kept in a cookie until they order;
the device that their browser names. Source: O-13, X-55."""

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from orders.models import Order
from orders.selectors import known_channel
from orders.services import Journey

JOURNEY_COOKIE = "journey"
JOURNEY_SECONDS = 60 * 60 * 24 * 30
CHANNEL, CAMPAIGN = "channel", "utm_campaign"
CHANNEL_SHAPE = re.compile(r"[0-9A-Za-z_-]{1,20}", re.ASCII)
CAMPAIGN_SHAPE = re.compile(r"[0-9A-Za-z_.\-]{1,60}", re.ASCII)
SEPARATOR = "|"
PHONES = re.compile(r"iPhone|Windows Phone|Android.*Mobile|Mobile.*Android|MicroMessenger")
TABLETS = re.compile(r"iPad|Android|Tablet")


def remember_journey(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Keep the channel and the campaign that a link names; the last one counts."""
    if request.method != "GET" or not {CHANNEL, CAMPAIGN} & request.GET.keys():
        return response
    channel = _shaped(CHANNEL_SHAPE, request.GET.get(CHANNEL))
    campaign = _shaped(CAMPAIGN_SHAPE, request.GET.get(CAMPAIGN))
    if channel or campaign:
        response.set_cookie(
            JOURNEY_COOKIE,
            f"{channel}{SEPARATOR}{campaign}",
            max_age=JOURNEY_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response


def came_by(request: HttpRequest) -> tuple[str, str]:
    """(channel, campaign) of this very link, as far as they look like such."""
    return (
        _shaped(CHANNEL_SHAPE, request.GET.get(CHANNEL)),
        _shaped(CAMPAIGN_SHAPE, request.GET.get(CAMPAIGN)),
    )


def journey_of(request: HttpRequest) -> Journey:
    """What an order keeps of it; a channel that nobody knows is the web. Queries: 0 or 1."""
    kept = request.COOKIES.get(JOURNEY_COOKIE, "")
    channel, _separator, campaign = kept.partition(SEPARATOR)
    return Journey(
        channel=known_channel(_shaped(CHANNEL_SHAPE, channel)) or Order.Source.WEB,
        device=device_of(request.headers.get("User-Agent", "")),
        campaign=_shaped(CAMPAIGN_SHAPE, campaign),
    )


def device_of(agent: str) -> str:
    """The kind of device a browser says it runs on."""
    if not agent:
        return Order.Device.UNKNOWN
    if PHONES.search(agent):
        return Order.Device.PHONE
    return Order.Device.TABLET if TABLETS.search(agent) else Order.Device.DESKTOP


def _shaped(shape: re.Pattern[str], text: str | None) -> str:
    return text if text and shape.fullmatch(text) else ""
