"""Members who like a category: refilled, asked for by the address of a page, and led to."""

import logging
import re

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from catalog.models import Category
from catalog.services import keep_favourite
from catalog.testing import make_category, make_product
from mall.kernel import clock
from members.models import Segment, SegmentMember
from members.services import refill_segments
from members.testing import make_member, make_operator, make_segment

pytestmark = pytest.mark.django_db
AT = clock.now()
BACKEND = "members.backends.AccountBackend"


@pytest.fixture
def tea():
    return make_category(slug="tea", title_zh="茶饮")


def liking(category):
    member = make_member()
    keep_favourite(account=member.account, product_id=make_product(category=category).pk, at=AT)
    return member


def test_a_category_that_moved_to_another_address_leaves_the_segment_as_it_was(tea, caplog):
    anna = liking(tea)
    segment, other = make_segment(rule={"favours": "tea"}), make_segment(rule={"all": True})
    assert refill_segments(at=AT) == 2
    Category.objects.filter(pk=tea.pk).update(slug="teas")

    with caplog.at_level(logging.WARNING):
        assert refill_segments(at=AT) == 1

    for filled in (segment, other):
        assert SegmentMember.objects.get(segment=filled).member == anna
    assert f"segment {segment.pk} stays as it is" in caplog.text


@pytest.mark.parametrize("typed", ["tae", "%s", "a b"])
def test_an_address_that_no_category_has_is_refused_where_it_was_typed(client, tea, typed):
    client.cookies["django_language"] = "en"
    client.force_login(make_operator(), backend=BACKEND)
    asked = {"title_zh": "茶", "title_en": "Tea", "code": "tea", "rule_kind": "favours"}

    answer = client.post(reverse("admin:members_segment_add"), {**asked, "rule_value": typed})

    errors = answer.context["adminform"].form.errors
    assert list(errors) == ["rule_value"]
    assert "that of a category of the first or the second level" in str(errors["rule_value"])
    assert not Segment.objects.exists()


@pytest.mark.parametrize(("may_add", "links"), [(True, 1), (False, 0)])
def test_preferences_lead_to_a_new_segment_for_who_may_add_one(client, tea, may_add, links):
    anna = liking(tea)
    clerk = make_operator(is_superuser=False)
    rights = ["view_member", *(["add_segment", "view_segment"] if may_add else [])]
    clerk.user_permissions.set(
        Permission.objects.filter(codename__in=rights, content_type__app_label="members")
    )
    client.force_login(clerk, backend=BACKEND)

    shown = client.get(reverse("admin:members_member_change", args=[anna.pk])).content.decode()

    assert "茶饮" in shown
    assert len(re.findall(r'href="/admin/members/segment/add/\?[^"]*">茶饮</a>', shown)) == links
