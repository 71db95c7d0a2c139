"""Categories and brands: cards, sorted and narrowed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog import presenting
from catalog.selectors import branch_path, brand_by_slug, category_tree, stored_picture
from mall.kernel import clock
from mall.kernel.words import localized
from mall.storefront.facets import Shelf, children_of, trail


@require_safe
def category(request: HttpRequest, slug: str) -> HttpResponse:
    """What is on sale in a category and below it. Queries: 8 at most."""
    path = branch_path(category_tree(), slug)
    shelf = Shelf.read(request, at=clock.now(), category=path[-1])
    context = {
        **shelf.context(request),
        "heading": localized(path[-1], "title"),
        "head_words": presenting.head_words(path[-1]),
        "children": children_of(path[-1]),
        "breadcrumb": trail(path),
    }
    return render(request, "storefront/listing.html", context)


@require_safe
def brand(request: HttpRequest, slug: str) -> HttpResponse:
    """What a brand has on sale."""
    found = brand_by_slug(slug)
    title = localized(found, "title")
    logo = stored_picture(found.logo) if found.logo else None
    context = {
        **Shelf.read(request, at=clock.now(), brand=found).context(request),
        "heading": title,
        "description": localized(found, "story"),
        "head_words": presenting.head_words(found),
        "brand": {"image": presenting.image(logo)},
        "breadcrumb": [{"label": title}],
    }
    return render(request, "storefront/listing.html", context)
