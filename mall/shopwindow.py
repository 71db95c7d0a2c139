"""The shop window: what strangers see is made once and shown to all of them (docs/caching.md).

Stands outermost, so that a copy costs no session, no language, no statement. The making sees only
what the copy's key says: no cookie, no referrer and no parameter beside it, so nothing of one
visitor can get into what all others see.
"""

from collections.abc import Callable
from datetime import timedelta

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.cache import get_conditional_response, patch_vary_headers

from mall import env
from mall.api.caching import answer_window
from mall.kernel import clock
from mall.kernel.caching import (
    CONTENT,
    Copy,
    Keeper,
    Window,
    next_edge,
    one_request,
    watched,
)
from mall.storefront.caching import page_window
from mall.storefront.journey import remember_journey
from mall.storefront.shutter import GLANCE
from mall.tracks import remember_search

LIFE_SECONDS = env.number("PAGE_CACHE_SECONDS", 60)
"""No answer is shown longer than this after its making began; 0 keeps none."""
BROWSER_SECONDS = 1
"""So long a browser or a proxy may show it without asking: what nobody can call back is short."""
OWN_HEADERS = frozenset({"set-cookie", "vary", "content-length", "cache-control", "etag"})
OWN = "private, no-cache"
"""For one visitor: no shared cache keeps it, the browser asks before it shows it again."""
KEEPER = Keeper()
Answer = Callable[[HttpRequest], HttpResponse]


class ShopWindowMiddleware:
    """Shows copies of pages and answers that do not depend on who looks."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with one_request():
            return remember_search(request, self._answer(request))

    def _answer(self, request: HttpRequest) -> HttpResponse:
        window = window_of(request) if LIFE_SECONDS > 0 else None
        if window is None:
            return self.get_response(request)
        if window.is_personal:
            return personal(self.get_response(request), window)
        if GLANCE.is_down(clock.now()):
            return self.get_response(request)
        return self._shared(request, window)

    def _shared(self, request: HttpRequest, window: Window) -> HttpResponse:
        came, cookies = request.META.get("QUERY_STRING", ""), request.COOKIES
        made: list[HttpResponse] = []

        def make() -> Copy | None:
            response, copy = self._made(request, window)
            made.append(response)
            return copy

        copy = KEEPER.get(window.key, make)
        request.GET = QueryDict(came)
        request.COOKIES = cookies
        response = personal(made[0], window) if copy is None else shown(request, copy, window)
        if len(remember_journey(request, response).cookies) > 0:
            response.headers["Cache-Control"] = OWN
        return response

    def _made(self, request: HttpRequest, window: Window) -> tuple[HttpResponse, Copy | None]:
        """The answer as nobody in particular gets it, and its copy if it may be kept."""
        anonymous(request, window)
        at = clock.now()
        with watched() as watch:
            response = self.get_response(request)
        if not is_shareable(response, window):
            return response, None
        ends = (at + timedelta(seconds=LIFE_SECONDS), watch.until, next_edge(at))
        copy = Copy.of(
            response.content,
            headers=tuple((n, v) for n, v in response.items() if n.lower() not in OWN_HEADERS),
            cookies=tuple(morsel.OutputString() for morsel in response.cookies.values()),
            tags=(CONTENT, *sorted(watch.tags)),
            began_at=at.timestamp(),
            ends_at=min(end.timestamp() for end in ends if end is not None),
        )
        return response, copy


def window_of(request: HttpRequest) -> Window | None:
    """How this visitor may share the address with others; None for what is nobody's window."""
    if request.method != "GET":
        return None
    return answer_window(request) or page_window(request)


def anonymous(request: HttpRequest, window: Window) -> None:
    """Take everything away from the request that is not in the key."""
    request.META["QUERY_STRING"] = window.query
    request.META.pop("HTTP_COOKIE", None)
    request.META.pop("HTTP_REFERER", None)
    request.GET = QueryDict(window.query)
    request.COOKIES = dict(window.cookies)
    request.is_shared = True  # type: ignore[attr-defined]


def is_shareable(response: HttpResponse, window: Window) -> bool:
    """True for a whole answer that says nothing against it."""
    return (
        response.status_code == 200
        and not response.streaming
        and not response.has_header("Cache-Control")
        and response.cookies.keys() <= set(window.marks)
    )


def personal(response: HttpResponse, window: Window) -> HttpResponse:
    """An answer for one visitor."""
    response.headers.setdefault("Cache-Control", OWN)
    patch_vary_headers(response, window.vary)
    return response


def shown(request: HttpRequest, copy: Copy, window: Window) -> HttpResponse:
    """A copy as this visitor gets it: pressed if they can read that, 304 if they have it."""
    response = HttpResponse(headers=dict(copy.headers))
    age = clock.now().timestamp() - copy.began_at
    patch_vary_headers(response, (*window.vary, "Accept-Encoding"))
    if window.fill is not None:
        response.content = window.fill(request, copy.body.decode()).encode()
    else:
        response.headers["ETag"] = copy.etag
        press(request, response, copy)
    for cookie in copy.cookies:
        response.cookies.load(cookie)
    response.headers["Cache-Control"] = OWN if window.fill is not None else public(copy)
    response.headers["Content-Length"] = str(len(response.content))
    etag = response.get("ETag")
    answer = get_conditional_response(request, etag=etag, response=response) or response
    answer.headers["Server-Timing"] = f"copy;dur={max(age, 0) * 1000:.0f}"
    return answer


def press(request: HttpRequest, response: HttpResponse, copy: Copy) -> None:
    """Pressed text for those who read it. It holds no secret that its length could give away."""
    if "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", ""):
        response.headers["Content-Encoding"] = "gzip"
        response.content = copy.pressed
    else:
        response.content = copy.body


def public(copy: Copy) -> str:
    """Whole seconds that end before the copy does."""
    left = copy.ends_at - clock.now().timestamp()
    return f"public, max-age={max(min(int(left), BROWSER_SECONDS), 0)}"
