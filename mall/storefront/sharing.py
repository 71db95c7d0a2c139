"""Shared pages: the link with its scene code, the poster, who followed it until they order. Source:
M-65."""

import hashlib
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog import presenting
from mall.kernel import clock
from mall.kernel.client_ip import client_ip
from mall.kernel.money import yuan
from mall.kernel.words import localized
from mall.storefront.going import with_query
from mall.storefront.site import site
from members.models import Member
from orders.services import Touch, clean_source, source_of
from promotions.selectors import ShareCard, share_card
from promotions.services import Poster, keep_poster, open_scene

SHARED_COOKIE = "shared"
SHARED_SECONDS = 60 * 60 * 24 * 30


def sheet(kind: str, target: str, member: Member | None, at: datetime) -> dict[str, Any]:
    """What ``storefront/share.html`` shows: the card, the link, the poster's address. Raises:
    NotFound."""
    card = share_card(kind, target, at)
    member_id = member.pk if member else None
    scene = open_scene(member_id=member_id, kind=kind, target=card.target, at=at)
    return {
        "title": localized(card.words, "title"),
        "text": localized(card.words, "text"),
        "image": presenting.image(card.image),
        "price_fen": card.price_fen,
        "link": link_of(scene.code),
        "poster": reverse("storefront:share_poster", args=[scene.code]),
        "back_url": place_of(card),
    }


def link_of(code: str) -> str:
    """The absolute address that is sent to friends."""
    return f"{settings.SITE_URL}{reverse('storefront:share_visit', args=[code])}"


def place_of(card: ShareCard) -> str:
    """The page that a card leads to."""
    return reverse(f"storefront:{card.route}", args=card.args)


def landing_of(card: ShareCard, code: str) -> str:
    """The page with its source, where it is one of goods."""
    source = source_of(Touch.SHARE, code) if card.route == "product" else None
    return with_query(place_of(card), source=source)


def poster_name(card: ShareCard, code: str) -> str:
    """The stored poster of a shared page, drawn when nobody asked for it before. Raises:
    PosterFontMissing."""
    price = f"¥{yuan(card.price_fen)}" if card.price_fen is not None else ""
    poster = Poster(
        brand=site()["brand"],
        title=localized(card.words, "title"),
        hint=_("Scan to see it"),
        link=link_of(code),
        price=price,
    )
    return keep_poster(poster, picture=str(card.image["file"]) if card.image else "")


def visitor_of(request: HttpRequest) -> str:
    """A digest of browser, address and day: says "again" today and nothing tomorrow."""
    agent = request.headers.get("User-Agent", "")
    parts = (settings.SECRET_KEY, client_ip(request), agent, clock.day_of(clock.now()).isoformat())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def remember_share(response: HttpResponse, code: str) -> HttpResponse:
    """Keep the last code that was followed; what is ordered later names it."""
    response.set_cookie(
        SHARED_COOKIE,
        code,
        max_age=SHARED_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def source_for(request: HttpRequest, named: str) -> str:
    """What led to a line: what the form names, else the share that brought the visitor."""
    code = request.COOKIES.get(SHARED_COOKIE, "")
    return clean_source(named) or (clean_source(source_of(Touch.SHARE, code)) if code else "")
