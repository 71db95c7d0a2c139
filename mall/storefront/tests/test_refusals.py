"""Whatever a view lets through ends as a sentence with a way back, never as a stack trace."""

import pytest
from django.contrib.messages import get_messages
from django.db import OperationalError
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from mall.kernel.errors import NotFound, ShopError, TooMany
from mall.storefront.middleware import ShopErrorMiddleware
from mall.storefront.shopper import CART_COOKIE
from mall.storefront.tests.shop import make_shopper, signed_in
from orders.errors import IllegalMove
from orders.selectors import standing

pytestmark = pytest.mark.django_db


class Refused(ShopError):
    code = "test.refused"
    message = "No, because of %(reason)s."


def _answer(error, *, method="post", referer=None):
    """What the middleware makes of an error of a view; the request with it."""
    from django.contrib.auth.models import AnonymousUser
    from django.contrib.messages.storage.cookie import CookieStorage

    headers = {"Referer": referer} if referer else {}
    request = getattr(RequestFactory(headers=headers), method)("/orders/1/confirm/")
    request.user = AnonymousUser()
    request._messages = CookieStorage(request)
    middleware = ShopErrorMiddleware(lambda _request: HttpResponse())
    return middleware.process_exception(request, error), request


def test_a_refused_form_goes_back_to_its_page_with_the_reason():
    answer, request = _answer(Refused(reason="rain"), referer="http://testserver/orders/1/?a=b")

    assert answer.url == "/orders/1/?a=b"
    assert [str(message) for message in get_messages(request)] == ["No, because of rain."]


@pytest.mark.parametrize("referer", [None, "https://evil.example/orders/", "http://testserver"])
def test_without_a_page_of_ours_the_reason_has_its_own(referer):
    answer, _request = _answer(Refused(reason="rain"), referer=referer)

    assert answer.status_code == 409
    assert "No, because of rain." in answer.content.decode()


def test_too_many_is_a_429_that_says_when_to_come_back():
    answer, _request = _answer(TooMany(retry_after_seconds=42), method="get")

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "42"
    assert "42" in answer.content.decode()


def test_a_busy_database_is_a_503_and_not_a_bug():
    answer, _request = _answer(OperationalError("connection lost"), method="get")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "1"


def test_what_is_not_there_is_a_404():
    with pytest.raises(Http404):
        _answer(NotFound())


def test_a_bug_stays_a_bug():
    answer, _request = _answer(KeyError("x"))

    assert answer is None


def test_an_illegal_move_says_that_the_order_has_changed():
    answer, _request = _answer(IllegalMove(status="closed"))

    assert answer.status_code == 409


def test_the_html_of_a_refusal_is_escaped():
    answer, _request = _answer(Refused(reason="<script>alert(1)</script>"))

    assert "<script>alert(1)" not in answer.content.decode()


def test_words_of_shoppers_are_escaped_on_every_page():
    browser = signed_in(make_shopper(nickname="<b>x</b>"))

    text = browser.get("/search/", {"q": "<img src=x>"}).content.decode()

    assert "<img src=x>" not in text
    assert "<b>x</b>" not in text


def test_pages_of_a_member_are_never_kept_by_caches():
    browser = signed_in(make_shopper())

    for path in ("/me/", "/orders/", "/me/addresses/"):
        assert "no-store" in browser.get(path).headers["Cache-Control"]


def test_the_figures_of_the_page_head_cost_one_statement(django_assert_num_queries):
    member = make_shopper()

    with django_assert_num_queries(1):
        found = standing(member.pk, member.joined_at)

    assert (found.unread, found.coupons, found.cart_pieces) == (0, 0, 0)
    assert found.region_code == member.addresses.get().region_code


def test_a_guest_with_a_stale_cookie_costs_one_statement_more(client):
    client.cookies[CART_COOKIE] = "gone"

    assert client.get("/").context["shell"]["cart_count"] == 0
