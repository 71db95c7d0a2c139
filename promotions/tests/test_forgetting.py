"""Who saw pop-ups and followed links is forgotten after its time (privacy; P-62, X-13, M-65)."""

from datetime import timedelta

import pytest

from mall.kernel import clock
from promotions.models import (
    ContentPage,
    LandingPage,
    LandingVariant,
    LandingVisit,
    PopUp,
    PopUpSight,
    ShareScene,
    ShareVisit,
)
from promotions.services import forget_old_visits, forgetting, open_scene
from promotions.testing import AT

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def popup():
    return PopUp.objects.create(name="新人礼", title_zh="新人礼", link="/coupons/")


def sight(popup, age, *, is_closed=False):
    at = AT - age
    return PopUpSight.objects.create(
        popup=popup,
        viewer=f"device {PopUpSight.objects.count()}",
        day=clock.day_of(at),
        closed_at=at if is_closed else None,
    )


def test_a_pop_up_seen_is_forgotten_after_a_month_and_one_closed_after_its_longest_rest(popup):
    kept = {sight(popup, 30 * DAY).pk, sight(popup, 366 * DAY, is_closed=True).pk}
    sight(popup, 31 * DAY)
    sight(popup, 367 * DAY, is_closed=True)

    assert forget_old_visits(AT) == 2

    assert set(PopUpSight.objects.values_list("pk", flat=True)) == kept


def test_visits_of_landing_pages_are_forgotten_after_a_year():
    page = ContentPage.objects.create(slug="double-11", title_zh="双十一", made_at=AT)
    landing = LandingPage.objects.create(slug="ad", title="广告")
    variant = LandingVariant.objects.create(landing=landing, page=page)
    for number, age in enumerate((365 * DAY, 365 * DAY + timedelta(seconds=1))):
        LandingVisit.objects.create(
            landing=landing, variant=variant, visitor=f"device {number}", at=AT - age
        )

    assert forget_old_visits(AT) == 1

    assert LandingVisit.objects.get().visitor == "device 0"


def test_visits_of_shared_pages_are_forgotten_after_a_year_their_number_stays():
    scene = open_scene(member_id=None, kind="product", target="7", at=AT)
    ShareScene.objects.filter(pk=scene.pk).update(visits=2)
    for days in (365, 366):
        at = AT - days * DAY
        ShareVisit.objects.create(scene=scene, visitor="device", day=clock.day_of(at), at=at)

    assert forget_old_visits(AT) == 1

    scene.refresh_from_db()
    assert (scene.visits, ShareVisit.objects.count()) == (2, 1)


def test_it_goes_on_in_batches_until_nothing_is_left(popup, monkeypatch):
    monkeypatch.setattr(forgetting, "AT_ONCE", 2)
    for _n in range(5):
        sight(popup, 40 * DAY)

    assert forget_old_visits(AT) == 5
    assert not PopUpSight.objects.exists()
    assert forget_old_visits(AT) == 0
