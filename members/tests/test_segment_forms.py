"""The form of a segment keeps what it does not understand."""

import re

import pytest
from django.urls import reverse

from members.models import Segment
from members.testing import make_member, make_operator, make_segment

pytestmark = pytest.mark.django_db
ODD = [
    {"moon": "1"},
    {"moon": 1},
    {"moon": {"full": True}},
    {"favours": 1},
    {"all": True, "tier": "x"},
    [],
    "all",
]


@pytest.fixture
def desk(client):
    client.cookies["django_language"] = "en"
    client.force_login(make_operator(), backend="members.backends.AccountBackend")
    return client


def page(name, *args):
    return reverse(f"admin:members_segment_{name}", args=args)


def typed_as_shown(desk, segment, **typed):
    """What a browser sends when only ``typed`` was changed on the page."""
    form = desk.get(page("change", segment.pk)).context["adminform"].form
    shown = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in {**shown, **typed}.items() if value is not None}


def with_rule(rule):
    segment = make_segment(members=[make_member()])
    Segment.objects.filter(pk=segment.pk).update(rule=rule)
    return segment


@pytest.mark.parametrize("rule", ODD)
def test_a_rule_that_nobody_knows_is_kept_when_only_the_title_changes(desk, rule):
    segment = with_rule(rule)

    answer = desk.post(
        page("change", segment.pk), typed_as_shown(desk, segment, title_en="Renamed")
    )

    assert answer.status_code == 302
    kept = Segment.objects.get()
    assert (kept.title_en, kept.rule, kept.size) == ("Renamed", rule, 1)


@pytest.mark.parametrize("rule", ODD)
def test_what_was_left_in_a_field_of_another_kind_fills_nothing(desk, rule):
    """Somebody looked at what a tier would say, and chose the old kind again."""
    segment = with_rule(rule)

    typed = typed_as_shown(desk, segment, title_en="Renamed", tier="gold")
    answer = desk.post(page("change", segment.pk), typed)

    assert answer.status_code == 302
    kept = Segment.objects.get()
    assert (kept.title_en, kept.rule, kept.size) == ("Renamed", rule, 1)


def test_a_kind_that_nobody_knows_is_shown_as_chosen(desk):
    segment = with_rule({"moon": "1"})

    field = desk.get(page("change", segment.pk)).context["adminform"].form["rule_kind"]

    assert re.search(r'<option value="moon"\s+selected', str(field))


@pytest.mark.parametrize("rule", ODD)
def test_the_list_shows_segments_with_odd_rules(desk, rule):
    with_rule(rule)

    assert desk.get(page("changelist")).status_code == 200


@pytest.mark.parametrize("rule", [[], "all"])
def test_what_is_no_rule_is_said_to_change_nothing(desk, rule):
    segment = with_rule(rule)

    for url in (page("changelist"), reverse("admin:members_segment_fill_now", args=[segment.pk])):
        assert "no rule: stays as it is" in desk.get(url).content.decode()


def test_the_title_changes_also_where_the_category_has_moved_away(desk):
    segment = with_rule({"favours": "tea"})

    answer = desk.post(
        page("change", segment.pk), typed_as_shown(desk, segment, title_en="Renamed")
    )

    assert answer.status_code == 302
    assert Segment.objects.get().rule == {"favours": "tea"}
