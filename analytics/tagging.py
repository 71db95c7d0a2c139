"""What is said about members for operators to use: the categories they like, told by their
favourites. Source: C-07."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from catalog.selectors import accounts_liking, tastes_of
from members.selectors import MemberTag, register_tags
from members.services import register_segment_rule

FAVOURS = "favours"
"""The segment rule: {"favours": "tea"} gathers who likes the category with this address."""


def preference_tags(account_id: int, at: datetime) -> list[MemberTag]:
    """A member's preferences, the strongest first. Queries: 2."""
    return [
        MemberTag(taste.title_zh, taste.title_en, {FAVOURS: taste.slug})
        for taste in tastes_of(account_id, at)
    ]


def connect() -> None:
    """Make them known to members, who know no goods; called from apps.py."""
    register_tags(preference_tags)
    register_segment_rule(FAVOURS, accounts_liking, _("members who like a category"))
