"""``{% fragment "name" %}``: a piece of the page that is the visitor's own (docs/caching.md)."""

from django import template
from django.utils.safestring import SafeString

from mall.storefront.fragments import drawn

register = template.Library()


@register.simple_tag(takes_context=True)
def fragment(context: template.Context, name: str) -> SafeString:
    """Draw it for who is here, or as a hole of a shared page."""
    shell = context.get("shell")
    pieces = shell["cart_count"] if shell else 0
    return drawn(context.get("request"), name, {"cart_count": pieces})
