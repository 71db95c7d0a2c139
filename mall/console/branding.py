"""The console wears the shop's name, logo and colours, as operators set them (X-03).

Read by ``theme.UNFOLD`` at each page; the words are those that the cache holds for every page.
"""

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _

from mall.console.theme import FONT, PAPER, PINE
from promotions.presenting import site_dict
from promotions.selectors import brand_scale, brand_stylesheet, sheet_digest

Scales = dict[str, dict[str, str]]


def name(request: HttpRequest) -> str:
    """The shop's name over the navigation."""
    return str(site_dict()["brand"])


def title(request: HttpRequest) -> str:
    """What the browser's tab says."""
    return _("%(shop)s console") % {"shop": name(request)}


def logo(request: HttpRequest) -> str:
    """The shop's logo, else the house's."""
    return str(site_dict()["logo"] or static("img/logo.svg"))


def stylesheet(request: HttpRequest) -> str:
    """Where the shop's own colours are; an empty sheet while it has none."""
    return reverse("brand_css", args=[sheet_digest(brand_stylesheet())])


def colours(request: HttpRequest) -> Scales:
    """Unfold's scales: our paper, and the brand's colour in the place of pine."""
    return {"base": {**PAPER}, "primary": brand_scale() or {**PINE}, "font": {**FONT}}
