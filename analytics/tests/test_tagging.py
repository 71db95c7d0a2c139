"""C-07, C-08: what a member favourites and looks at becomes preference tags: on the member's page
in the back office, and in the rule of a segment, by which coupons, pop-ups and page blocks choose
their members."""

import re

import pytest

from catalog.services import clear_views, drop_favourite, keep_favourite, record_view
from catalog.testing import make_category, make_product
from mall.kernel import clock
from mall.kernel.errors import InvalidInput
from members.models import Member
from members.selectors import tags_of
from members.services import close_account, fill_segment_by_rule, set_history
from members.testing import make_member, make_operator, make_segment

pytestmark = pytest.mark.django_db


def keep(member, category):
    product = make_product(category=category)
    keep_favourite(account=member.account, product_id=product.pk, at=clock.now())
    return product


def page(client, member, language):
    client.cookies["django_language"] = language
    return client.get(f"/admin/members/member/{member.pk}/change/").content.decode()


def test_C_07_favourites_are_preference_tags_on_the_members_page_in_both_languages(client):
    tea = make_category(title_zh="茶饮", title_en="Tea and coffee", slug="tea")
    member = make_member()
    product = keep(member, tea)
    client.force_login(make_operator(is_superuser=True), backend="members.backends.AccountBackend")

    chinese, english = (page(client, member, language) for language in ("zh-hans", "en"))

    assert _leads_to_a_segment(chinese, "茶饮")
    assert _leads_to_a_segment(english, "Tea and coffee")
    drop_favourite(account=member.account, product_id=product.pk)
    assert not _leads_to_a_segment(page(client, member, "en"), "Tea and coffee")


def _leads_to_a_segment(shown, name):
    """A link to the form of a new segment, filled with who likes tea."""
    form = "/admin/members/segment/add/"
    return re.search(rf'href="{form}\?[^"]*favours[^"]*tea[^"]*">{name}</a>', shown)


def test_C_07_a_segment_gathers_who_likes_a_category(client):
    tea, shoes = (make_category(slug=slug) for slug in ("tea", "shoes"))
    anna, bert, gone = (make_member() for _n in range(3))
    for member, category in ((anna, tea), (bert, shoes), (gone, tea)):
        keep(member, category)
    close_account(account=gone.account, at=clock.now(), actor=make_operator())
    (tag,) = tags_of(anna.account_id, clock.now())
    segment = make_segment(rule=tag.rule)

    fill_segment_by_rule(segment=segment, at=clock.now())

    segment.refresh_from_db()
    held = Member.objects.filter(segment_memberships__segment=segment)
    assert (segment.size, [member.pk for member in held]) == (1, [anna.pk])


def test_C_08_what_a_member_looked_at_counts_while_the_history_is_kept():
    tea = make_category(slug="tea")
    product, at = make_product(category=tea), clock.now()
    anna, bert = make_member(), make_member()
    for member in (anna, bert):
        record_view(account=member.account, product_id=product.pk, at=at)
    set_history(member=bert, keeps=False, at=at)

    tags = [[tag.rule for tag in tags_of(one.account_id, at)] for one in (anna, bert)]

    assert tags == [[{"favours": "tea"}], []]
    assert _gathered("tea") == {anna.pk}
    clear_views(account=anna.account)
    assert tags_of(anna.account_id, at) == []
    assert _gathered("tea") == set()


def _gathered(slug):
    """Whom a segment of those who like the category holds."""
    segment = make_segment(rule={"favours": slug})
    fill_segment_by_rule(segment=segment, at=clock.now())
    held = Member.objects.filter(segment_memberships__segment=segment)
    return set(held.values_list("pk", flat=True))


@pytest.mark.parametrize("rule", [{"favours": 1}, {"favours": "tea", "all": True}, ["favours"]])
def test_a_rule_that_is_none_says_which_there_are(rule):
    with pytest.raises(InvalidInput) as refused:
        fill_segment_by_rule(segment=make_segment(rule=rule), at=clock.now())

    assert '{"favours": ".."}' in refused.value.facts["allowed"]
