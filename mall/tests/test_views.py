"""Every view of the REST door says who may call it and how often."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.permissions import AllowAny
from rest_framework.views import APIView

from mall.api.base import Endpoint

DEFAULTS = (Endpoint, APIView)  # what these say does not count: it was not said on purpose


def api_views(resolver: URLResolver | None = None) -> Iterator[type[APIView]]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from api_views(pattern)
        elif isinstance(pattern, URLPattern):
            view = getattr(pattern.callback, "cls", None)
            if view is not None and view.__module__.startswith("mall."):
                yield view


def unsaid(view: type[APIView]) -> list[str]:
    """What neither the view nor a base of its own resource declares."""
    own = [base for base in view.__mro__ if base not in DEFAULTS and issubclass(base, APIView)]
    declared = {name for base in own for name in vars(base)}
    lacking = []
    if "permission_classes" not in declared:
        lacking.append(f"{view.__module__}.{view.__name__} declares no permission_classes")
    if not declared & {"throttle_scope", "throttle_classes"}:
        lacking.append(f"{view.__module__}.{view.__name__} declares no throttle")
    return lacking


def test_every_api_view_declares_permission_and_throttle():
    views = set(api_views())

    assert views
    assert [text for view in sorted(views, key=str) for text in unsaid(view)] == []


def test_a_view_that_leaves_it_to_the_defaults_is_caught():
    class Base(Endpoint):
        permission_classes = [AllowAny]
        throttle_scope = "browse"

    class Declared(Base):
        pass

    class Silent(Endpoint):
        pass

    assert unsaid(Declared) == []
    assert len(unsaid(Silent)) == 2
