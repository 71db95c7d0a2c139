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
    asked = {name: [get(port, path) for path in found] for name, found in paths.items()}
    forms = [
        f"product_id={one['product']}&sku_id={one['sku']}&quantity=1&then=stay" for one in goods
    ]
    return {**asked, ADD: [post(port, "/cart/add/", form) for form in forms]}


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
