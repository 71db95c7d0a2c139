"""``{% head_of kind %}`` and ``{{ data|json_ld }}``: the head of a page (C-51)."""

import json
from typing import Any, cast

from django import template
from django.utils.safestring import SafeString, mark_safe

from mall.storefront import seo

register = template.Library()

ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.simple_tag(takes_context=True)
def head_of(context: template.Context, kind: str = "") -> seo.Head | None:
    """What this page says of itself; None where there is no request (the page of a crash)."""
    request, known = context.get("request"), cast("dict[str, Any]", context.flatten())
    return None if request is None else seo.head_of(request, kind, known)


@register.filter
def json_ld(data: Any) -> SafeString:
    """JSON that no text in it can end or escape from."""
    text = json.dumps(data, ensure_ascii=False).translate(ESCAPES)
    # Every character that HTML reads is escaped.
    return mark_safe(text)  # noqa: S308 # nosec B308, B703
