"""What the tests of the pages share: a fresh cache, so that no page shows another test's words."""

import pytest
from django.core.cache import cache

from mall.storefront.context import WORDS_KEY


@pytest.fixture(autouse=True)
def fresh_words():
    cache.delete(WORDS_KEY)
