"""Who a segment gathers, said in words, and the way to a new one from what a member likes."""

import pytest
from django.utils import translation

from members.admin.segment import new_segment_url, rule_in_words
from members.selectors import MemberTag
from members.testing import make_operator


@pytest.fixture
def english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({}, "no rule: stays as it is"),
        ([], "no rule: stays as it is"),
        ("all", "no rule: stays as it is"),
        ({"all": True}, "all members"),
        ({"joined_days": 7}, "joined in the last 7 days"),
        ({"tier": "gold"}, "members of one tier: gold"),
        ({"favours": "tea"}, "members who like a category: tea"),
        ({"moon": "1"}, "moon: 1"),
    ],
)
def test_a_rule_is_said_in_words(english, rule, words):
    assert rule_in_words(rule) == words


@pytest.mark.django_db
def test_what_a_member_likes_leads_to_a_segment_of_the_like_minded(client, english):
    client.force_login(make_operator(), backend="members.backends.AccountBackend")
    url = new_segment_url(MemberTag("茶", "Tea", {"favours": "tea"}))

    form = client.get(url).context["adminform"].form

    assert (form["rule_kind"].value(), form["rule_value"].value()) == ("favours", "tea")
    assert form["title_en"].value() == "Tea"
