"""What a page says of itself to search engines and to those who share it (C-51).

Addresses are the shop's own (``SITE_URL``), whatever host was asked; of a list only the plain one
is its canonical address, narrowed and sorted ones are not indexed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mall.kernel.money import yuan
from mall.kernel.words import in_one_line
from mall.storefront.links import in_language
from mall.storefront.site import site

LANGUAGES = (("zh-hans", "zh-Hans"), ("en", "en"))
LOCALES = {"zh-hans": "zh_CN", "en": "en_US"}
LONGEST = 155
"""Characters of a description that result pages show."""
CURRENCY = "CNY"
CONTEXT = "https://schema.org"
IN_STOCK, OUT_OF_STOCK = f"{CONTEXT}/InStock", f"{CONTEXT}/OutOfStock"
STRANGE_PARAMETERS = frozenset({"channel", "sku", "source"})
"""What may stand in an address without making another page of it."""

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Head:
    """One page: ``data`` are JSON-LD objects; ``price`` is in yuan, as Open Graph wants it."""

    title: str
    description: str
    canonical: str
    alternates: tuple[tuple[str, str], ...]
    locale: str
    site_name: str
    keywords: str = ""
    kind: str = "website"
    image: str = ""
    price: str = ""
    is_indexed: bool = True
    data: tuple[Data, ...] = ()


def head_of(request: HttpRequest, kind: str, context: Mapping[str, Any]) -> Head:
    """The head of a page of this kind (product, list, home, text or nothing in particular)."""
    about = {**ABOUT.get(kind, plain)(context), **written(context)}
    crumbs = breadcrumbs(request, context.get("breadcrumb") or ())
    data = (*about.pop("data", ()), *crumbs)
    return Head(
        **{"title": "", **about},
        canonical=absolute(request.path),
        alternates=alternates(request),
        locale=LOCALES.get(get_language() or "", "zh_CN"),
        site_name=site()["brand"],
        is_indexed=not (is_narrowed(request) or context.get("is_old")),
        data=data,
    )


def written(context: Mapping[str, Any]) -> Data:
    """What the operator wrote for search engines goes before the page's usual words."""
    return {name: text for name, text in context.get("head_words", {}).items() if text}


def absolute(path: str) -> str:
    """The address of a path of this shop; what is an address already stays."""
    return f"{settings.SITE_URL}{path}" if path.startswith("/") else path


def alternates(request: HttpRequest) -> tuple[tuple[str, str], ...]:
    """This page in every language, and where to send whoever speaks none of them."""
    found = [(tag, absolute(in_language(request.path, code))) for code, tag in LANGUAGES]
    return (*found, ("x-default", found[0][1]))


def is_narrowed(request: HttpRequest) -> bool:
    """True for a page of a list that is filtered, sorted or turned over, and for words searched."""
    names = {name for name in request.GET if not name.startswith(("utm_", "option_"))}
    return bool(names - STRANGE_PARAMETERS)


def shortened(text: str) -> str:
    """A description as result pages show it: one line, cut at a word."""
    return Truncator(in_one_line(text)).chars(LONGEST)


def plain(context: Mapping[str, Any]) -> Data:
    """A page without a subject of its own."""
    return {"title": context.get("heading") or "", "description": site()["about"]}


def about_home(context: Mapping[str, Any]) -> Data:
    """The shop: who runs it, how to search it."""
    words = site()
    return {
        "title": f"{words['brand']} · {words['slogan']}",
        "description": words["about"],
        "image": logo_of(words),
        "data": (organization(words), website(words["brand"])),
    }


def about_list(context: Mapping[str, Any]) -> Data:
    """A category, a brand or all goods."""
    name = str(context.get("heading") or "")
    usual = _("%(name)s at %(shop)s: every price explained, stock and delivery date shown.") % {
        "name": name,
        "shop": site()["brand"],
    }
    cards = context.get("cards") or ()
    pictures = [card["image"]["url"] for card in cards[:1] if card["image"]]
    return {
        "title": name,
        "description": shortened(context.get("description") or usual),
        "image": absolute(pictures[0]) if pictures else "",
    }


def about_text(context: Mapping[str, Any]) -> Data:
    """A page that is read: help, a policy, a topic with its cover, else what it shows first."""
    page = context["page"]
    words = page.get("description") or page.get("body") or site()["about"]
    shown = context.get("picture") or next(pictures_in(page.get("blocks") or ()), None)
    return {
        "title": page["title"],
        "description": shortened(str(words)),
        "image": absolute(shown["url"]) if shown else "",
    }


def pictures_in(shape: Any) -> Iterator[Mapping[str, Any]]:
    """The pictures of api.md in blocks of a page, in their order, at whatever depth."""
    if isinstance(shape, Mapping):
        if "srcset" in shape:
            yield shape
        else:
            yield from pictures_in(tuple(shape.values()))
    elif isinstance(shape, list | tuple):
        for one in shape:
            yield from pictures_in(one)


def about_product(context: Mapping[str, Any]) -> Data:
    """One product with its price, stock and rating."""
    product = with_shown_price(context["product"], context.get("picker"))
    usual = _("%(name)s for ¥%(price)s at %(shop)s.") % {
        "name": product["name"],
        "price": yuan(product["price_fen"]),
        "shop": site()["brand"],
    }
    subtitle = product.get("subtitle")
    pictures = [picture["url"] for picture in product.get("media") or () if picture]
    return {
        "title": product["name"],
        "description": shortened(f"{subtitle} · {usual}" if subtitle else usual),
        "kind": "product",
        "image": absolute(pictures[0]) if pictures else "",
        "price": amount(product["price_fen"]),
        "data": (product_data(product, pictures),),
    }


def with_shown_price(product: Mapping[str, Any], picker: Any) -> Mapping[str, Any]:
    """The product from the lowest price that the page shows: that of the chosen SKU may be on
    sale."""
    shown = picker["sku"]["price_fen"] if picker else product["price_fen"]
    return {**product, "price_fen": min(shown, product["price_fen"])}


ABOUT = {
    "home": about_home,
    "list": about_list,
    "text": about_text,
    "product": about_product,
}


# ---------- JSON-LD ----------


def amount(fen: int) -> str:
    """Fen as a number of yuan with two places: machines read it."""
    return f"{fen // 100}.{fen % 100:02d}"


def product_data(product: Mapping[str, Any], pictures: Sequence[str]) -> Data:
    """schema.org/Product with what search engines require: name, image, offer; rating if any."""
    rating = product["rating"]
    found: Data = {
        "@context": CONTEXT,
        "@type": "Product",
        "name": product["name"],
        "description": product.get("subtitle") or product["name"],
        "sku": str(product["id"]),
        "image": [absolute(url) for url in pictures],
        "offers": offers_data(product),
    }
    if product.get("brand"):
        found["brand"] = {"@type": "Brand", "name": product["brand"]["name"]}
    if rating["count"]:
        found["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": f"{rating['average_x10'] // 10}.{rating['average_x10'] % 10}",
            "reviewCount": rating["count"],
            "bestRating": "5",
            "worstRating": "1",
        }
    return found


def offers_data(product: Mapping[str, Any]) -> Data:
    """One price, or from and to over the SKUs."""
    low, high = product["price_fen"], product["price_to_fen"]
    common = {
        "priceCurrency": CURRENCY,
        "availability": IN_STOCK if product["in_stock"] else OUT_OF_STOCK,
        "url": absolute(reverse("storefront:product", args=[product["id"]])),
    }
    if high > low:
        prices = {"lowPrice": amount(low), "highPrice": amount(high)}
        count = {"offerCount": len(product["skus"])}
        return {"@type": "AggregateOffer", **prices, **count, **common}
    condition = {"itemCondition": f"{CONTEXT}/NewCondition"}
    return {"@type": "Offer", "price": amount(low), **condition, **common}


def breadcrumbs(request: HttpRequest, steps: Iterable[Mapping[str, str]]) -> tuple[Data, ...]:
    """schema.org/BreadcrumbList of the way to this page, home first; none where there is none."""
    trail = [{"label": _("Home"), "url": reverse("storefront:home")}, *steps]
    if len(trail) == 1:
        return ()
    items = [
        {
            "@type": "ListItem",
            "position": position,
            "name": str(step["label"]),
            "item": absolute(step.get("url") or request.path),
        }
        for position, step in enumerate(trail, 1)
    ]
    return ({"@context": CONTEXT, "@type": "BreadcrumbList", "itemListElement": items},)


def logo_of(words: Data) -> str:
    """The address of the shop's logo, the house's own where it has none."""
    return absolute(words["logo"] or static("img/logo.svg"))


def organization(words: Data) -> Data:
    """schema.org/Organization: whose shop this is."""
    return {
        "@context": CONTEXT,
        "@type": "Organization",
        "name": words["brand"],
        "url": absolute("/"),
        "logo": logo_of(words),
    }


def website(name: str) -> Data:
    """schema.org/WebSite with how to search it."""
    found = absolute(reverse("storefront:search"))
    return {
        "@context": CONTEXT,
        "@type": "WebSite",
        "name": name,
        "url": absolute(reverse("storefront:home")),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {
                "@type": "EntryPoint",
                "urlTemplate": f"{found}?q={{search_term_string}}",
            },
            "query-input": "required name=search_term_string",
        },
    }
