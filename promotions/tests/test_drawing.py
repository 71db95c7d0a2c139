"""The draw: chances, odds, quotas, prizes given in the same transaction. Rows M-32 and INV-22."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from mall.kernel import ledger
from mall.kernel.audit.models import AuditEntry
from mall.kernel.errors import InvalidInput, NotFound
from mall.kernel.invariants import audit
from mall.kernel.testing.race import all_read_before_any_writes, stampede
from members.errors import NotEnoughPoints
from members.models import PointsAccount
from members.selectors import wallet_of
from members.testing import make_member, make_operator
from promotions import services
from promotions.errors import (
    CampaignNotReady,
    LotteryClosed,
    LotteryRuns,
    NoDrawsLeft,
    SecondPersonNeeded,
)
from promotions.models import CouponGrant, Draw, DrawDay, Lottery, Prize
from promotions.models.lottery import PrizeQuerySet
from promotions.selectors import draws_left, lottery_report, prize_odds
from promotions.testing import AT, ENDS_AT, STARTS_AT, make_coupon, make_lottery, make_prize

CROWD, EACH = 30, 10


def draw(lottery, member, at=AT):
    return services.draw_prize(lottery_id=lottery.pk, member_id=member.pk, at=at)


def balance(member):
    return PointsAccount.objects.get(member=member).balance


def broken():
    return {law.code: found.rows for law, found in audit() if found}


@pytest.mark.django_db
def test_M_32_points_are_paid_and_won_in_one_draw():
    lottery, member = make_lottery(blank=0, cost_points=10), make_member(points=10)
    prize = make_prize(lottery, points=88)

    done = draw(lottery, member)

    assert (done.prize, done.missed, done.chance_no, done.cost_points) == (prize, None, 1, 10)
    assert balance(member) == 88
    assert Prize.objects.get(pk=prize.pk).awarded == 1
    assert broken() == {}


@pytest.mark.django_db
def test_money_goes_to_the_wallet_and_the_book():
    lottery, member = make_lottery(blank=0), make_member()
    make_prize(lottery, kind=Prize.Kind.WALLET, points=0, amount_fen=660)

    draw(lottery, member)

    assert wallet_of(member.pk).balance_fen == 660
    assert ledger.balance_of("marketing") == 660
    assert broken() == {}


@pytest.mark.django_db
def test_a_coupon_is_the_winners():
    coupon, lottery, member = make_coupon(), make_lottery(blank=0), make_member()
    make_prize(lottery, kind=Prize.Kind.COUPON, points=0, coupon=coupon)

    done = draw(lottery, member)

    grant = CouponGrant.objects.get()
    assert (grant.coupon, grant.member) == (coupon, member)
    assert (grant.source_type, grant.source_id) == ("draw", done.number)
    assert broken() == {}


@pytest.mark.django_db
def test_a_prize_that_is_gone_is_the_blank_and_the_draw_says_so():
    lottery = make_lottery(blank=0)
    prize = make_prize(lottery, quota=1)
    draw(lottery, make_member())

    late = draw(lottery, make_member())

    assert late.prize.kind == Prize.Kind.NOTHING
    assert late.missed == prize
    assert Prize.objects.get(pk=prize.pk).awarded == 1
    assert [(row.drawn, row.missed) for row in lottery_report(lottery)] == [(1, 0), (1, 1)]


@pytest.mark.django_db
def test_a_prize_without_its_coupon_is_the_blank_and_keeps_its_piece():
    coupon, lottery = make_coupon(total=1, issued=1), make_lottery(blank=0)
    prize = make_prize(lottery, kind=Prize.Kind.COUPON, points=0, coupon=coupon)

    done = draw(lottery, make_member())

    assert done.prize.kind == Prize.Kind.NOTHING
    assert Prize.objects.get(pk=prize.pk).awarded == 0
    assert not CouponGrant.objects.exists()


@pytest.mark.django_db
def test_F_42_chances_end_with_the_day_in_shanghai():
    lottery, member = make_lottery(draws_a_day=2), make_member()
    draw(lottery, member)
    assert draws_left(lottery, member.pk, AT) == 1
    draw(lottery, member)

    with pytest.raises(NoDrawsLeft):
        draw(lottery, member)

    assert Draw.objects.count() == 2
    assert draw(lottery, member, at=AT + timedelta(hours=12)).chance_no == 1


@pytest.mark.django_db
def test_who_cannot_pay_keeps_the_chance():
    lottery, member = make_lottery(blank=0, cost_points=11), make_member(points=10)
    prize = make_prize(lottery)

    with pytest.raises(NotEnoughPoints):
        draw(lottery, member)

    assert balance(member) == 10
    assert not Draw.objects.exists()
    assert not DrawDay.objects.exists()
    assert Prize.objects.get(pk=prize.pk).awarded == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"status": Lottery.Status.PAUSED}, LotteryClosed),
        ({"starts_at": AT + timedelta(seconds=1)}, LotteryClosed),
        ({"ends_at": AT}, LotteryClosed),
        ({"status": Lottery.Status.DRAFT}, NotFound),
    ],
)
def test_nobody_draws_out_of_time(changes, refusal):
    lottery = make_lottery(**changes)

    with pytest.raises(refusal):
        draw(lottery, make_member())

    assert not Draw.objects.exists()


@pytest.mark.django_db
def test_odds_are_what_they_are_now():
    lottery = make_lottery(blank=70)
    make_prize(lottery, weight=20, quota=5)
    gone = make_prize(lottery, weight=10, quota=1, awarded=1)

    odds = {row.prize.pk: row.odds_ppm for row in prize_odds(lottery)}

    assert odds[gone.pk] == 0
    assert sorted(odds.values()) == [0, 200_000, 800_000]


@pytest.mark.django_db
def test_results_are_never_changed():
    draw(make_lottery(), make_member())

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE promotions_draw SET missed_id = NULL")


def lottery_values(**changes):
    return services.LotteryValues(
        **{
            "title_zh": "双旦抽奖",
            "title_en": "Winter draw",
            "starts_at": STARTS_AT,
            "ends_at": ENDS_AT,
            "cost_points": 0,
            "draws_a_day": 1,
            **changes,
        }
    )


BLANK = services.PrizeValues(kind="nothing", title_zh="谢谢参与", title_en="Blank", weight=9)
POINTS = services.PrizeValues(
    kind="points", title_zh="积分", title_en="Points", weight=1, quota=5, points=10
)


def save(*prizes, lottery=None, **changes):
    return services.save_lottery(
        values=lottery_values(**changes),
        prizes=prizes,
        lottery_id=lottery and lottery.pk,
        actor=make_operator(),
        at=AT,
    )


def publish(lottery):
    return services.publish_lottery(lottery_id=lottery.pk, actor=make_operator(), at=AT)


@pytest.mark.django_db
def test_a_lottery_is_written_published_and_not_changed_while_it_runs():
    lottery = save(BLANK, POINTS)
    publish(lottery)

    with pytest.raises(LotteryRuns):
        save(BLANK, lottery=lottery)

    services.pause_lottery(lottery_id=lottery.pk, actor=make_operator(), at=AT)
    kept = lottery.prizes.get(kind="points")
    changed = services.PrizeValues(
        kind="points", title_zh="积分", title_en="P", weight=2, quota=5, points=20, prize_id=kept.pk
    )
    again = save(changed, BLANK, lottery=lottery)
    assert again.version == 2
    assert [(p.kind, p.weight, p.points) for p in again.prizes.all()] == [
        ("points", 2, 20),
        ("nothing", 9, 0),
    ]
    entry = AuditEntry.objects.filter(verb="promotions.save_lottery").latest("pk")
    assert [row["weight"] for row in entry.before["prizes"]] == [9, 1]


@pytest.mark.django_db
@pytest.mark.parametrize("prizes", [(), (BLANK,), (POINTS,), (POINTS, POINTS)])
def test_a_lottery_that_lacks_something_is_not_published(prizes):
    lottery = save(*prizes)

    with pytest.raises(CampaignNotReady):
        publish(lottery)

    assert Lottery.objects.get().status == Lottery.Status.DRAFT


@pytest.mark.django_db
def test_large_prizes_are_published_by_somebody_who_did_not_write_them():
    money = services.PrizeValues(
        kind="wallet", title_zh="红包", title_en="Money", weight=1, quota=101, amount_fen=10_000
    )
    writer = make_operator()
    lottery = services.save_lottery(
        values=lottery_values(), prizes=(BLANK, money), actor=writer, at=AT
    )

    with pytest.raises(SecondPersonNeeded):
        services.publish_lottery(lottery_id=lottery.pk, actor=writer, at=AT)
    assert Lottery.objects.get().status == "draft"

    assert publish(lottery).status == "live"


@pytest.mark.django_db
def test_a_coupon_that_is_not_live_is_no_prize():
    coupon = make_coupon(status="draft")
    given = services.PrizeValues(
        kind="coupon", title_zh="券", title_en="Coupon", weight=1, quota=1, coupon_id=coupon.pk
    )
    lottery = save(BLANK, given)

    with pytest.raises(CampaignNotReady):
        publish(lottery)


@pytest.mark.django_db
@pytest.mark.parametrize("changes", [{"points": 0}, {"quota": None}, {"kind": "wallet"}])
def test_a_prize_without_value_or_quota_is_refused(changes):
    fields = {name: getattr(POINTS, name) for name in POINTS.__dataclass_fields__}

    with pytest.raises(InvalidInput):
        save(BLANK, services.PrizeValues(**{**fields, **changes}))

    assert not Prize.objects.exists()


@pytest.mark.django_db
def test_a_prize_that_was_drawn_stays():
    lottery = make_lottery(blank=0)
    make_prize(lottery)
    draw(lottery, make_member())
    services.pause_lottery(lottery_id=lottery.pk, actor=None, at=AT)

    with pytest.raises(InvalidInput):
        save(BLANK, lottery=lottery)

    assert lottery.prizes.count() == 2


def tries(lottery, members):
    """Thirty connections, each with ten people one after another."""

    def run(number):
        found = []
        for member in members[number * EACH : (number + 1) * EACH]:
            try:
                found.append(draw(lottery, member).prize.kind)
            except Exception as error:  # noqa: BLE001 - the test looks at it
                found.append(error)
        return found

    return [one for part in stampede(CROWD, run).results for one in part]


@pytest.mark.django_db(transaction=True)
def test_F_39_of_300_draws_of_the_last_prize_exactly_one_wins():
    lottery = make_lottery(blank=0)
    prize = make_prize(lottery, quota=1)
    members = [make_member() for _n in range(CROWD * EACH)]

    with all_read_before_any_writes("promotions.services.drawing._pick", CROWD):
        found = tries(lottery, members)

    assert (found.count("points"), found.count("nothing")) == (1, CROWD * EACH - 1)
    assert Prize.objects.get(pk=prize.pk).awarded == 1
    assert Draw.objects.filter(missed=prize).count() == CROWD * EACH - 1
    assert broken() == {}


@pytest.mark.django_db(transaction=True)
def test_control_without_the_condition_only_the_constraint_saves_the_last_prize(monkeypatch):
    lottery = make_lottery(blank=0)
    make_prize(lottery, quota=1)
    members = [make_member() for _n in range(CROWD * EACH)]
    monkeypatch.setattr(PrizeQuerySet, "with_left", lambda self: self)

    with all_read_before_any_writes("promotions.services.drawing._pick", CROWD):
        found = tries(lottery, members)

    assert found.count("points") == 1
    assert sum(isinstance(one, IntegrityError) for one in found) == CROWD * EACH - 1


@pytest.mark.django_db(transaction=True)
def test_one_member_twenty_times_at_once_draws_three_times():
    lottery, member = make_lottery(draws_a_day=3, cost_points=1), make_member(points=20)

    outcomes = stampede(20, lambda _n: draw(lottery, member))

    assert len(outcomes.results) == 3
    assert outcomes.only(NoDrawsLeft)
    assert sorted(Draw.objects.values_list("chance_no", flat=True)) == [1, 2, 3]
    assert balance(member) == 17
    assert broken() == {}


@pytest.mark.django_db(transaction=True)
def test_control_chances_counted_without_looking_are_stopped_by_the_constraint(monkeypatch):
    lottery, member = make_lottery(draws_a_day=3), make_member()
    monkeypatch.setattr("promotions.services.drawing._use_chance", lambda *_args: 1)

    outcomes = stampede(20, lambda _n: draw(lottery, member))

    assert len(outcomes.results) == 1
    assert outcomes.only(IntegrityError)
