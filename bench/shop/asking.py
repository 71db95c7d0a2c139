"""What the visitors ask of the mall, with shared copies and without."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from bench.shop.plan import ADD, Plan
from bench.shop.pump import Measure, get, load, post

World = Mapping[str, Any]


def requests(world: World, port: int) -> dict[str, list[bytes]]:
    """The requests of each thing that is measured."""
    goods, categories, words = world["goods"], world["categories"], world["words"]
    api = "/api/v1/catalog/products/"
    paths = {
        "home": ["/"],
        "category": [f"/category/{slug}/" for slug in categories],
        "product": [f"/product/{one['product']}/" for one in goods],
        "search": [f"/search/?q={quote(word)}" for word in words],
        "list API": [f"{api}?category={slug}&page_size=24" for slug in categories],
        "detail API": [f"{api}{one['product']}/" for one in goods],
    }
    asked = {
        name: [get(port, path, **address(n)) for n, path in enumerate(found)]
        for name, found in paths.items()
    }
    forms = [
        f"product_id={one['product']}&sku_id={one['sku']}&quantity=1&then=stay" for one in goods
    ]
    adds = [post(port, "/cart/add/", form, **address(n)) for n, form in enumerate(forms)]
    return {**asked, ADD: adds}


def address(number: int) -> dict[str, str]:
    """Where a visitor comes from: everybody from another place, as the limits count by address."""
    return {"X-Forwarded-For": f"10.7.{number // 250}.{number % 250 + 1}"}


def measured(plan: Plan, world: World, port: int) -> dict[str, Measure]:
    """Each of them in turn."""
    return {
        name: load(port, asked, clients=plan.clients, seconds=plan.seconds)
        for name, asked in requests(world, port).items()
    }


def complaints(found: Mapping[str, Measure], *, is_shared: bool) -> list[str]:
    """What was served that should not have been: a refusal, a page made although it is kept, a copy
    although none is."""
    said = []
    for name, measure in found.items():
        right = 302 if name == ADD else 200
        wrong = {status: n for status, n in measure.statuses.items() if status != right}
        if wrong or not measure.seconds:
            said.append(f"{name}: answers {wrong or 'none'}")
        copies, asked = measure.copies, len(measure.seconds)
        if is_shared and name != ADD and copies < asked:
            said.append(f"{name}: {asked - copies} of {asked} were made although they are kept")
        if not is_shared and copies:
            said.append(f"{name}: {copies} copies although none are kept")
    return said
