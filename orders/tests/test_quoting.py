"""What a quote refuses before it prices anything."""

import pytest

from mall.kernel.errors import NotFound
from members.testing import make_member
from orders.services import Ask, Wanted, quote
from orders.testing import NOON, make_stocked_sku
from promotions.testing import make_coupon, make_grant

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "options", [{}, {"auto_coupons": True}, {"explain": frozenset({"coupons"})}]
)
def test_a_coupon_of_somebody_else_is_not_found_however_it_is_asked_for(options):
    sku = make_stocked_sku()
    foreign = make_grant(coupon=make_coupon(), member=make_member())
    ask = Ask(wanted=(Wanted(sku.pk, 1),), coupon_grant_ids=(foreign.pk,), **options)

    with pytest.raises(NotFound):
        quote(ask=ask, member_id=make_member().pk, at=NOON)
