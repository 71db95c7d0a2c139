"""``{% head_of kind %}`` and ``{{ data|json_ld }}``: the head of a page (C-51)."""

import json
from typing import Any, cast

from django import template
from django.utils.html import html_safe

from mall.storefront import seo

register = template.Library()

ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.simple_tag(takes_context=True)
def head_of(context: template.Context, kind: str = "") -> seo.Head | None:
    """What this page says of itself; None where there is no request (the page of a crash)."""
    request, known = context.get("request"), cast("dict[str, Any]", context.flatten())
    return None if request is None else seo.head_of(request, kind, known)


@html_safe
class DataBlock:
    """JSON that no text in it can end or escape from: what HTML reads is written as \\u003C."""

    def __init__(self, data: Any) -> None:
        self._text = json.dumps(data, ensure_ascii=False).translate(ESCAPES)

    def __str__(self) -> str:
        return self._text


@register.filter
def json_ld(data: Any) -> DataBlock:
    """What machines read of a page, between the tags of its script."""
    return DataBlock(data)
