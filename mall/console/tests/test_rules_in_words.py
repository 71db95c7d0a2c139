"""Forms of the back office in words: what the database refuses, and what a look-only page tells."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db.models import CheckConstraint
from django.urls import reverse
from django.utils import translation

from inventory.models import RestockPolicy
from mall.console.testing import client_of
from mall.kernel import clock
from mall.kernel.admin.answering import answer
from mall.kernel.admin.wording import broken
from members.testing import make_operator
from promotions.models import Campaign
from promotions.testing import make_threshold_off

pytestmark = pytest.mark.django_db
RULES = [
    (model, rule)
    for model in admin.site._registry
    for rule in model._meta.constraints
    if isinstance(rule, CheckConstraint)
]


@pytest.fixture
def boss(client):
    client.force_login(make_operator(is_superuser=True))
    client.cookies["django_language"] = "en"
    return client


def test_each_part_that_does_not_hold_is_said_at_its_field(boss):
    row = RestockPolicy.objects.first()
    name = "admin:inventory_restockpolicy_" + ("change" if row else "add")
    page = reverse(name, args=[row.pk] if row else [])
    form = boss.get(page).context["adminform"].form
    typed = {name: form[name].value() for name in form.fields}

    answer = boss.post(page, {**typed, "demand_days": 3, "lead_days": 0})

    errors = answer.context["adminform"].form.errors
    assert errors["demand_days"] == ["“Days looked back” must not be less than 7."]
    assert errors["lead_days"] == ["“Lead time” must not be less than 1."]
    assert list(RestockPolicy.objects.filter(demand_days=3)) == []


def test_moments_are_before_and_after():
    rule = next(r for r in Campaign._meta.constraints if r.name == "campaign_window_in_order")
    now = clock.now()

    with translation.override("en"):
        said = broken(rule, Campaign(starts_at=now, ends_at=now))

    assert said == [(["ends_at"], "“Ends at” must be later than “Starts at”.")]


@pytest.mark.parametrize(("model", "rule"), RULES, ids=lambda it: getattr(it, "name", ""))
def test_every_rule_of_every_screen_has_words_without_its_name(model, rule):
    with translation.override("en"):
        said = broken(rule, model())

    assert said
    for names, words in said:
        assert names
        assert rule.name not in words
        assert "%(" not in words


def test_who_may_only_look_reads_the_terms_of_a_campaign(boss):
    campaign = make_threshold_off(steps=((30_000, 5_000),))
    reader = make_operator(is_superuser=False)
    reader.user_permissions.add(Permission.objects.get(codename="view_campaign"))
    page = reverse("admin:promotions_campaign_change", args=[campaign.pk])
    form = boss.get(page).context["adminform"].form
    own = [name for name in form.fields if name not in columns_of(Campaign)]
    asked = {name: answer(form[name]) for name in own}

    shown = client_of(reader).get(page).context["adminform"].form.instance

    assert any("300" in words for words in asked.values())
    assert {name: getattr(shown, name) for name in own} == asked


def columns_of(model):
    return {field.name for field in model._meta.get_fields()}
