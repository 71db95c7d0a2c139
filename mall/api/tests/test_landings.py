"""Who came to a landing page in the app and joined there counts for its channel (X-13)."""

from datetime import timedelta

import pytest

from mall.api.testing import ApiClient
from mall.api.tests.test_auth import PHONE, code_for
from mall.kernel import clock
from members.models import Member
from members.testing import make_operator
from promotions.models import LandingPage, LandingVariant, LandingVisit
from promotions.selectors import landing_figures
from promotions.services import PageValues, release_version, save_draft, save_page

pytestmark = pytest.mark.django_db
ID = "install-7"
DEVICE = {"headers": {"X-Device-Id": ID}}
PATH = "/api/v1/catalog/landings/spring/"


@pytest.fixture
def landing():
    at, boss = clock.now(), make_operator()
    values = PageValues(kind="landing", slug="spring-ad", title_zh="春茶上市")
    page = save_page(values=values, at=at, actor=boss)
    words = {"id": "t", "kind": "text", "settings": {"body": {"zh": "春茶", "en": ""}}}
    save_draft(page_id=page.pk, blocks=[words], at=at, actor=boss)
    release_version(page_id=page.pk, at=at, actor=boss)
    row = LandingPage.objects.create(slug="spring", title="春茶投放")
    LandingVariant.objects.create(landing=row, page=page)
    return row


def register(**headers):
    client = ApiClient()
    body = {"phone": PHONE, "code": code_for(client, purpose="register"), "consent_version": "1"}
    return client.post_json("auth/register/", body, **headers)


def figures():
    now, hour = clock.now(), timedelta(hours=1)
    return [
        (row.channel, row.visits, row.registered) for row in landing_figures(now - hour, now + hour)
    ]


def test_X_13_a_device_that_came_and_registered_counts_once_for_its_channel(client, landing):
    for _twice in range(2):
        page = client.get(PATH, {"channel": "douyin", "campaign": "tea"}, **DEVICE)
        assert page.json()["blocks"][0]["kind"] == "text"
        assert page["Cache-Control"] == "no-store"

    answer = register(**{"X-Device-Id": ID})

    assert answer.status_code == 201
    assert figures() == [("douyin", 1, 1)]
    visit = LandingVisit.objects.get()
    assert (visit.campaign, visit.member) == ("tea", Member.objects.get(account__phone=PHONE))


def test_X_13_another_device_and_one_that_says_nothing_count_for_no_page(client, landing):
    client.get(PATH, {"channel": "douyin"}, **DEVICE)
    client.get(PATH, {"channel": "douyin"})

    register()

    assert figures() == [("douyin", 1, 0)]


def test_X_13_a_page_that_is_over_and_a_channel_that_is_none_are_refused(client, landing):
    assert client.get(PATH, {"channel": "抖音"}).status_code == 400
    LandingPage.objects.update(ends_at=clock.now())

    assert client.get(PATH, **DEVICE).status_code == 404
    assert not LandingVisit.objects.exists()
