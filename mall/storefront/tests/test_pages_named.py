"""docs/pages.md names every address of the shop and every kind of block."""

import re
from pathlib import Path

from django.conf import settings

from mall.storefront.urls import urlpatterns
from promotions.presenting import BLOCK_KINDS

PAGE = Path(settings.BASE_DIR) / "docs" / "pages.md"


def codes(beginning: str) -> set[str]:
    """What stands in code under a heading; of the lists below its table each word."""
    part = PAGE.read_text().partition(f"## {beginning}\n")[2].partition("\n## ")[0]
    lists = " ".join(line for line in part.splitlines() if not line.startswith("|"))
    found = set(re.findall(r"`([^`]+)`", part))
    return found | {word for code in re.findall(r"`([^`]+)`", lists) for word in code.split()}


def test_every_address_has_its_place_on_the_page():
    addresses = {str(pattern.name) for pattern in urlpatterns}

    assert addresses - codes("Pages") == set()


def test_every_kind_of_block_is_drawn_and_described():
    folder = Path(settings.BASE_DIR) / "templates" / "storefront" / "blocks_content"
    drawn = {path.stem.removeprefix("_") for path in folder.glob("_*.html")}

    assert drawn == {*BLOCK_KINDS, "stage", "duo"}
    assert drawn - codes("Blocks of a page") == set()
