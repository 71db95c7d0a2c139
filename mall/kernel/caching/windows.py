"""One address as a visitor may share it with others: what its answer differs by, and what is
theirs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.http import HttpRequest

Fill = Callable[[HttpRequest, str], str]


@dataclass(frozen=True, slots=True)
class Window:
    """``key`` is everything the answer differs by; ``query`` and ``cookies`` are all of the request
    that its making may see. ``marks`` are cookies that the answer may leave. ``fill`` puts what is
    this visitor's own into the shared text; None when they have nothing. A personal one is made
    for this visitor alone."""

    key: str = ""
    query: str = ""
    cookies: Mapping[str, str] = field(default_factory=dict)
    marks: tuple[str, ...] = ()
    vary: tuple[str, ...] = ()
    fill: Fill | None = None
    is_personal: bool = False
