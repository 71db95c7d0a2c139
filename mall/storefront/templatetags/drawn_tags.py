"""``{% drawn "components/_card_face.html" card=card %}``: a part of a page that is drawn once for
the same values.

It is an ``include`` that sees the named values and nothing else, no request and no visitor: what is
drawn out of them for one is right for everybody. Each process keeps the parts it drew last, by
template, language and values. No query.
"""

import pickle  # nosec B403 - reads what it has written itself
from functools import lru_cache
from typing import Any, cast

from django import template
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()
MOST_DRAWN = 4_096
"""Parts that a process keeps; a card is about two kilobytes."""


@register.simple_tag
def drawn(name: str, **values: Any) -> SafeString:
    """The template of this name with these values."""
    return _drawn(name, get_language(), pickle.dumps(values, pickle.HIGHEST_PROTOCOL))


@lru_cache(MOST_DRAWN)
def _drawn(name: str, _language: str | None, values: bytes) -> SafeString:
    known = pickle.loads(values)  # noqa: S301 # nosec B301 - written above
    return cast(SafeString, get_template(name).render(known))
