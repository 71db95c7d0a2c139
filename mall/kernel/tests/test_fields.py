"""Yuan typed into a form become fen exactly, per cent basis points, or they are refused."""

import pytest
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.utils import translation

from mall.kernel.admin import PercentInput
from mall.kernel.db import BpField
from mall.kernel.db.fields import PercentFormField, YuanFormField


@pytest.mark.parametrize(("typed", "fen"), [("88", 8_800), ("0.01", 1), ("1234.5", 123_450)])
def test_yuan_become_fen(typed, fen):
    assert YuanFormField().clean(typed) == fen


@pytest.mark.parametrize("typed", ["１", "8.888", "1e3000", "NaN", "abc", "-1"])
def test_what_is_no_plain_amount_is_refused(typed):
    with pytest.raises(ValidationError):
        YuanFormField(min_value=0).clean(typed)


@pytest.mark.parametrize(("typed", "rate_bp"), [("85", 8_500), ("97.5", 9_750), ("0.01", 1)])
def test_per_cent_become_basis_points(typed, rate_bp):
    assert PercentFormField().clean(typed) == rate_bp


def test_the_form_of_a_rate_shows_per_cent_and_says_its_bounds_in_per_cent():
    column = BpField("rate", validators=[MaxValueValidator(10_000)])
    field = column.formfield(widget=PercentInput)

    shown = field.widget.render("rate", field.prepare_value(8_550))

    assert 'value="85.5"' in shown
    assert ">%</span>" in shown
    assert field.clean("100") == 10_000
    assert not field.has_changed(8_550, "85.50")
    for typed, words in (("100.01", "or equal to 100."), ("-1", "or equal to 0."), ("8.555", "2 ")):
        with translation.override("en"), pytest.raises(ValidationError, match=words):
            field.clean(typed)


def test_the_words_of_a_rates_form_are_no_part_of_its_table():
    assert BpField("rate", help_text="one").deconstruct() == BpField("rate").deconstruct()
