"""Members at the same instant; each race has a control without its lock or condition."""

from contextlib import contextmanager
from unittest.mock import patch

import pytest
from django.db import IntegrityError, connection

from mall.kernel import clock
from mall.kernel.errors import TooMany
from mall.kernel.testing.database import restore
from mall.kernel.testing.race import all_read_before_any_writes, stampede, without_locks
from members import services
from members.errors import (
    CheckedInAlready,
    CodeExpired,
    CodeWrong,
    NotEnoughPoints,
    PhoneTaken,
    SessionEnded,
    TooManyTries,
    WrongCredentials,
)
from members.models import (
    Account,
    Address,
    Member,
    PointsAccount,
    PointsEntry,
    SignIn,
    SmsCode,
)
from members.sandbox import last_sms_code
from members.testing import make_address, make_member

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 50
FEW = 20
PHONE = "13700000001"


def spend_all(member):
    return stampede(
        MANY,
        lambda n: services.spend_points(
            member_id=member.pk, points=100, source_type="order", source_id=str(n), at=clock.now()
        ),
    )


def test_fifty_spends_of_the_same_points_spend_them_once():
    member = make_member(points=100)

    outcome = spend_all(member)

    assert len(outcome.results) == 1
    assert outcome.only(NotEnoughPoints)
    account = PointsAccount.objects.get(member=member)
    assert account.balance == sum(account.entries.values_list("delta", flat=True)) == 0


def test_control_without_the_lock_the_same_points_are_spent_many_times():
    member = make_member(points=100)

    with without_locks(), all_read_before_any_writes("members.services.earning._sums", MANY):
        outcome = spend_all(member)

    assert len(outcome.results) > 1
    spent = PointsEntry.objects.filter(account__member=member, kind="spend")
    assert sum(spent.values_list("delta", flat=True)) < -100


def grow_by_many(member):
    return stampede(
        FEW,
        lambda n: services.add_growth(
            member_id=member.pk,
            delta_fen=2_000,
            source_type="order",
            source_id=str(n),
            at=clock.now(),
        ),
    )


def test_growth_of_many_orders_adds_up_and_reaches_the_tier():
    member = make_member()

    assert not grow_by_many(member).errors

    row = Member.objects.select_related("tier").get(pk=member.pk)
    assert (row.growth_fen, row.tier.code) == (FEW * 2_000, "gold")


def test_control_without_the_lock_growth_is_lost():
    member = make_member()

    with without_locks(), all_read_before_any_writes("members.services.growing._entry", FEW):
        grow_by_many(member)

    assert Member.objects.get(pk=member.pk).growth_fen < FEW * 2_000


def join_all():
    return stampede(FEW, lambda n: services.join(phone=PHONE, consent_version="1", at=clock.now()))


def test_one_phone_registered_by_many_is_one_account():
    outcome = join_all()

    assert len(outcome.results) == 1
    assert outcome.only(PhoneTaken)
    assert Account.objects.filter(phone=PHONE).count() == Member.objects.count() == 1
    assert PointsAccount.objects.count() == 1


@contextmanager
def without_unique_phone():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'members_account'::regclass"
            " AND pg_get_constraintdef(oid) = 'UNIQUE (phone)'"
        )
        (name,) = cursor.fetchone()
        cursor.execute(f'ALTER TABLE members_account DROP CONSTRAINT "{name}"')
        try:
            yield
        finally:
            restore(connection)
            cursor.execute(f'ALTER TABLE members_account ADD CONSTRAINT "{name}" UNIQUE (phone)')


def test_control_without_the_constraint_one_phone_has_many_accounts():
    held = all_read_before_any_writes("members.services.joining._is_taken", FEW)

    with without_unique_phone(), held:
        assert len(join_all().results) > 1


def sent_code():
    services.send_code(phone=PHONE, purpose="login", client_ip="", at=clock.now())
    code = last_sms_code(PHONE)
    assert code is not None
    return code


def guess(code, contenders):
    def run(_n):
        services.check_code(phone=PHONE, purpose="login", code=code, at=clock.now())

    return stampede(contenders, run)


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06d}"


def test_a_crowd_of_guesses_gets_five_tries():
    outcome = guess(wrong(sent_code()), FEW)

    kinds = [type(error) for error in outcome.errors]
    assert kinds.count(CodeWrong) == SmsCode.objects.get().tries == 5
    assert kinds.count(TooManyTries) == FEW - 5


def _tries(code_id):
    return SmsCode.objects.get(pk=code_id).tries


def naive_count(code_id):
    """What the condition in the UPDATE prevents: look first, then write."""
    tries = _tries(code_id)
    if tries >= SmsCode.MAX_TRIES:
        return False
    SmsCode.objects.filter(pk=code_id).update(tries=tries + 1)
    return True


def test_control_looking_before_counting_gives_more_than_five_tries():
    code = sent_code()
    held = all_read_before_any_writes("members.tests.test_races._tries", FEW)

    with patch("members.services.coding._count_try", naive_count), held:
        outcome = guess(wrong(code), FEW)

    assert [type(error) for error in outcome.errors].count(CodeWrong) > 5


def test_the_right_code_opens_once():
    outcome = guess(sent_code(), 5)

    assert len(outcome.results) == 1
    assert all(isinstance(error, CodeExpired | TooManyTries) for error in outcome.errors)


def _is_used(code_id):
    return SmsCode.objects.get(pk=code_id).used_at is not None


def naive_use(code_id, *, at):
    if _is_used(code_id):
        raise CodeExpired
    SmsCode.objects.filter(pk=code_id).update(used_at=at)


def test_control_looking_before_using_opens_more_than_once():
    code = sent_code()
    held = all_read_before_any_writes("members.tests.test_races._is_used", 5)

    with patch("members.services.coding.use_code", naive_use), held:
        assert len(guess(code, 5).results) > 1


def ask_for_codes():
    return stampede(
        FEW,
        lambda n: services.send_code(phone=PHONE, purpose="login", client_ip="", at=clock.now()),
    )


def test_many_requests_send_one_text_message():
    outcome = ask_for_codes()

    assert len(outcome.results) == SmsCode.objects.count() == 1
    assert outcome.only(TooMany)


def test_control_without_the_lock_many_text_messages_leave():
    held = all_read_before_any_writes("members.services.coding._refuse_floods", FEW)

    with patch("members.services.coding.advisory_lock"), held:
        assert len(ask_for_codes().results) > 1


def try_passwords():
    return stampede(
        FEW,
        lambda n: services.sign_in_password(
            phone=PHONE, password=f"guess-{n}-Long", client_ip="203.0.113.1", at=clock.now()
        ),
    )


def test_a_crowd_of_passwords_gets_five_tries():
    outcome = try_passwords()

    kinds = [type(error) for error in outcome.errors]
    assert (kinds.count(WrongCredentials), kinds.count(TooManyTries)) == (5, FEW - 5)


def test_control_without_the_lock_a_crowd_gets_more_tries():
    held = all_read_before_any_writes("members.services.guarding._refuse_locked", FEW)

    with patch("members.services.guarding.advisory_lock"), held:
        kinds = [type(error) for error in try_passwords().errors]

    assert kinds.count(WrongCredentials) > 5


def set_defaults(member):
    return stampede(FEW, lambda n: make_address(member=member, is_default=True))


def test_many_new_defaults_leave_one():
    member = make_member()

    assert not set_defaults(member).errors

    assert Address.objects.filter(member=member).count() == FEW
    assert Address.objects.filter(member=member, is_default=True).count() == 1


def test_control_without_the_lock_the_constraint_has_to_stop_them():
    member = make_member()

    with (
        without_locks(),
        all_read_before_any_writes("members.services.addressing._locked_book", FEW),
    ):
        outcome = set_defaults(member)

    assert outcome.errors
    assert outcome.only(IntegrityError)
    assert Address.objects.filter(member=member, is_default=True).count() == 1


def check_in_at_once(member):
    return stampede(FEW, lambda n: services.check_in(member_id=member.pk, at=clock.now()))


def test_a_day_is_checked_in_once():
    member = make_member()

    outcome = check_in_at_once(member)

    assert len(outcome.results) == 1
    assert outcome.only(CheckedInAlready)
    assert PointsAccount.objects.get(member=member).balance == 5


def test_control_without_the_lock_the_second_check_in_is_not_refused_in_words():
    member = make_member()

    with (
        without_locks(),
        all_read_before_any_writes("members.services.checking_in.days_checked_in", FEW),
    ):
        outcome = check_in_at_once(member)

    assert not outcome.only(CheckedInAlready)


def renew_at_once(device):
    return stampede(
        FEW,
        lambda n: services.renew_sign_in(
            sign_in_id=device.pk, handle="first", new_handle=f"next-{n}", at=clock.now()
        ),
    )


def make_device():
    return services.open_sign_in(
        account=make_member().account,
        door="api",
        handle="first",
        device="test",
        client_ip="",
        at=clock.now(),
    )


def test_a_refresh_token_is_changed_once():
    device = make_device()

    outcome = renew_at_once(device)

    assert len(outcome.results) == 1
    assert outcome.only(SessionEnded)
    assert SignIn.objects.get().ended_at is None


def _handle(sign_in_id):
    return SignIn.objects.get(pk=sign_in_id).handle


def naive_swap(sign_in_id, handle, new_handle, at):
    if _handle(sign_in_id) != handle:
        return False
    SignIn.objects.filter(pk=sign_in_id).update(handle=new_handle, seen_at=at)
    return True


def test_control_looking_before_swapping_changes_it_more_than_once():
    device = make_device()
    held = all_read_before_any_writes("members.tests.test_races._handle", FEW)

    with patch("members.services.holding._swap", naive_swap), held:
        assert len(renew_at_once(device).results) > 1
