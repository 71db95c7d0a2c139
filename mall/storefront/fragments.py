"""What is the visitor's own on a page that all share: holes, filled by the house itself.

A template marks one with ``{% fragment "name" %}``. On a page made for one visitor it is simply
drawn; on a shared one it is drawn as for nobody between two marks, and drawn again for whoever has
something to show. No script is needed, nothing on the page moves.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString

from mall.storefront.shopper import cart_owner
from orders.selectors import cart_pieces

HOLE = re.compile(r"<!--hole (\w+)-->.*?<!--/hole-->", re.DOTALL)
Facts = Callable[[HttpRequest], Mapping[str, Any]]


def cart_facts(request: HttpRequest) -> Mapping[str, Any]:
    """How many pieces are in the visitor's cart. Queries: 1."""
    return {"cart_count": cart_pieces(cart_owner(request))}


def draw(name: str, facts: Mapping[str, Any]) -> SafeString:
    """One fragment of these facts: ``components/fragments/_<name>.html``."""
    return render_to_string(f"components/fragments/_{name}.html", dict(facts))


def drawn(request: HttpRequest | None, name: str, facts: Mapping[str, Any]) -> SafeString:
    """The fragment as a page shows it, with the marks of a hole where the page is shared."""
    text = draw(name, facts)
    if not getattr(request, "is_shared", False):
        return text
    return format_html("<!--hole {}-->{}<!--/hole-->", name, text)


def fill(request: HttpRequest, page: str) -> str:
    """The page with every hole filled for this visitor. Queries: 1."""
    facts = cart_facts(request)
    if not facts["cart_count"]:
        return page
    language = translation.get_language_from_path(request.path_info)
    with translation.override(language or "zh-hans"):
        return HOLE.sub(lambda hole: draw(hole[1], facts), page)
