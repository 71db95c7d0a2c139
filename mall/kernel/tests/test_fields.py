"""Yuan typed into a form become fen exactly, or are refused."""

import pytest
from django.core.exceptions import ValidationError

from mall.kernel.db.fields import YuanFormField


@pytest.mark.parametrize(("typed", "fen"), [("88", 8_800), ("0.01", 1), ("1234.5", 123_450)])
def test_yuan_become_fen(typed, fen):
    assert YuanFormField().clean(typed) == fen


@pytest.mark.parametrize("typed", ["１", "8.888", "1e3000", "NaN", "abc", "-1"])
def test_what_is_no_plain_amount_is_refused(typed):
    with pytest.raises(ValidationError):
        YuanFormField(min_value=0).clean(typed)
