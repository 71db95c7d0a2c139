"""The judged queries over the goods of litemall (MALL_DATA_DIR). Source: C-52, Show 2."""

import os
from io import StringIO

import pytest
from django.core.management import call_command

from catalog.models import Product, SearchSynonym
from mall.console.demo.marketing import synonyms

pytestmark = [pytest.mark.long, pytest.mark.django_db]


def test_C_52_the_judged_queries_reach_their_goal_over_the_goods_of_litemall():
    assert os.environ.get("MALL_DATA_DIR"), "set MALL_DATA_DIR to the folder of litemall_catalog/"
    SearchSynonym.objects.bulk_create(synonyms())  # what the shop ships with
    said = StringIO()

    call_command("relevance", "litemall", stdout=said, stderr=StringIO())

    assert "untouched" in said.getvalue()
    assert Product.objects.count() == 0, "the goods are taken back"
