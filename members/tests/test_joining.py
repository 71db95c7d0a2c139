import pytest

from mall.kernel import clock
from mall.kernel.errors import InvalidInput
from mall.kernel.outbox.models import OutboxEvent
from mall.kernel.testing.queries import count_queries
from members.errors import PasswordRefused, PhoneTaken
from members.models import Account, Member
from members.phone import normal_phone
from members.services import join
from members.testing import make_member

pytestmark = pytest.mark.django_db
PHONE = "13700000001"
AT = clock.now()


def test_a_new_member_is_on_the_lowest_tier_with_empty_books():
    with count_queries(at_most=9):
        member = join(phone=PHONE, consent_version="1", at=AT)

    assert member.tier.code == "normal"
    assert (member.growth_fen, member.points_account.balance) == (0, 0)
    assert member.nickname.startswith("会员")
    assert not member.account.has_usable_password()
    assert OutboxEvent.objects.get().payload["member_id"] == member.pk


def test_a_phone_in_use_changes_nothing():
    make_member(phone=PHONE)

    with pytest.raises(PhoneTaken):
        join(phone=" 137-0000-0001", consent_version="1", at=AT)

    assert Account.objects.count() == Member.objects.count() == 1


def test_an_invite_is_remembered_and_an_unknown_one_passed_over():
    host = make_member()

    guest = join(phone=PHONE, invite_code=host.invite_code, consent_version="1", at=AT)
    stranger = join(phone="13700000002", invite_code="NOBODY", consent_version="1", at=AT)

    assert guest.invited_by == host
    assert stranger.invited_by is None


@pytest.mark.parametrize(
    "password", ["short-1", "password123", "0123456789", "x" * 129, "１２３４５６７８９０"]
)
def test_a_weak_or_endless_password_opens_no_account(password):
    with pytest.raises(PasswordRefused):
        join(phone=PHONE, password=password, consent_version="1", at=AT)

    assert not Account.objects.exists()


def test_a_password_typed_full_width_is_the_same_password():
    member = make_member(password="long-Enough-2026")

    assert member.account.check_password("ｌｏｎｇ－Ｅｎｏｕｇｈ－２０２６")


@pytest.mark.parametrize(
    "text",
    ["", "1370000000", "137000000011", "23700000001", "1３７", "137\x0000000001", "x" * 5000],
)
def test_what_is_no_phone_is_refused(text):
    with pytest.raises(InvalidInput) as refusal:
        normal_phone(text)

    assert refusal.value.facts["field"] == "phone"
