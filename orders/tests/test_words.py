"""Every code that the price engine may hand out has words."""

import pytest
from django.utils import translation

from orders import words
from promotions import engine

BARE = {"title_zh": "活动", "title_en": "Offer"}


@pytest.mark.parametrize("kind", sorted(engine.RULE_KINDS))
def test_each_kind_of_rule_is_called_something_even_without_figures(kind):
    with translation.override("en"):
        text = words.label(kind, BARE)

    assert kind in words.LABELS
    assert text
    assert "%(" not in text


@pytest.mark.parametrize("reason", list(engine.Reason))
def test_each_reason_is_said_even_without_facts(reason):
    with translation.override("en"):
        assert words.reason(reason.value, {}) not in {"", reason.value}


@pytest.mark.parametrize("code", list(engine.GiftNoticeCode))
def test_each_notice_about_a_gift_is_said(code):
    assert words.gift_notice(code.value)


def test_a_step_of_each_100_names_what_each_takes():
    rule = engine.EveryOff(rule_id=1, every_fen=10_000, off_fen=1_000)

    with translation.override("en"):
        assert words.label(rule.kind, rule.label_params(rule.face())) == ("¥10 off for every ¥100")
