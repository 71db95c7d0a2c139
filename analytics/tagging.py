"""What is said about members for operators to use: the categories they like, told by their
favourites and by what they looked at. Source: C-07, C-08.

What somebody looked at is read of those alone who let the shop write it down.
"""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from catalog.selectors import accounts_liking, tastes_of
from members.models import Member
from members.selectors import MemberTag, register_tags
from members.services import register_segment_rule

FAVOURS = "favours"
"""The segment rule: {"favours": "tea"} gathers who likes the category with this address."""


def preference_tags(account_id: int, at: datetime) -> list[MemberTag]:
    """A member's preferences, the strongest first. Queries: 3."""
    keeps = Member.objects.filter(account_id=account_id, keeps_history=True).exists()
    return [
        MemberTag(taste.title_zh, taste.title_en, {FAVOURS: taste.slug})
        for taste in tastes_of(account_id, at, with_views=keeps)
    ]


def accounts_favouring(slug: str, at: datetime) -> set[int]:
    """The accounts that like a category. Queries: 4. Raises: InvalidInput where there is none."""
    silent = Member.objects.filter(keeps_history=False).values_list("account_id", flat=True)
    return accounts_liking(slug, at, silent=set(silent))


def connect() -> None:
    """Make them known to members, who know no goods; called from apps.py."""
    register_tags(preference_tags)
    register_segment_rule(FAVOURS, accounts_favouring, _("members who like a category"))
