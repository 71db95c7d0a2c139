"""Single tiles of a block have an audience and a window of their own (X-02): slides, zones, tiles
of topics, floating buttons; no copy shows one to whom, or when, it is not for."""

from datetime import timedelta

import pytest
from django.test import Client

from catalog.testing import make_media
from mall import shopwindow
from mall.api.testing import ApiClient
from mall.kernel import clock
from mall.kernel.testing.queries import count_queries
from mall.storefront.shutter import GLANCE
from mall.storefront.tests.shop import make_shopper, signed_in
from mall.storefront.tests.test_content import HOME, arrange, block, words
from promotions.testing import next_edge

pytestmark = pytest.mark.django_db
MEMBERS = {"audience": {"who": "members"}}
API_HOME = HOME.removeprefix("/api/v1/")
LINK = "/coupons/"


def picture():
    return {"picture": make_media().pk}


BLOCKS = {
    "carousel": ("slides", lambda name: {"title": words(name), "link": LINK, **picture()}),
    "zones": ("tiles", lambda name: {"title": words(name), "link": LINK}),
    "topics": ("tiles", lambda name: {"title": words(name), "link": LINK, **picture()}),
    "floating": ("buttons", lambda name: {"label": words(name), "link": LINK, "icon": "chat"}),
}


def tiled(kind, **frames):
    """A block with a tile of each name, in the frame that stands with it."""
    field, make = BLOCKS[kind]
    return block(kind, **{field: [{**make(name), **frame} for name, frame in frames.items()]})


def named_on(answer, names):
    """Which of the names can be read there, whether page or JSON."""
    text = answer.content.decode()
    return [name for name in names if name in text]


@pytest.mark.parametrize("kind", BLOCKS)
def test_X_02_a_tile_begins_and_ends_by_the_clock(kind):
    now, hour = clock.now(), timedelta(hours=1)
    before, after = (now - hour).isoformat(), (now + hour).isoformat()
    frames = {
        "已经结束": {"ends_at": before},
        "正当其时": {"starts_at": before, "ends_at": after},
        "还没开始": {"starts_at": after},
    }
    arrange(tiled(kind, **frames))

    seen = [named_on(Client().get(path), frames) for path in ("/", HOME)]

    assert seen == [["正当其时"]] * 2


@pytest.mark.parametrize("kind", BLOCKS)
def test_X_02_a_tile_is_shown_to_its_audience_alone(kind):
    frames = {
        "会员专享": MEMBERS,
        "游客可见": {"audience": {"who": "guests"}},
        "钻石专享": {"audience": {"who": "tiers", "tiers": ["diamond"]}},
    }
    arrange(tiled(kind, **frames))
    gold, diamond = make_shopper(tier="gold"), make_shopper(tier="diamond")

    def seen(page, api):
        return [named_on(answer, frames) for answer in (page.get("/"), api.get_json(API_HOME))]

    assert seen(Client(), ApiClient()) == [["游客可见"]] * 2
    assert seen(signed_in(gold), ApiClient.of(gold)) == [["会员专享"]] * 2
    assert seen(signed_in(diamond), ApiClient.of(diamond)) == [["会员专享", "钻石专享"]] * 2


@pytest.mark.parametrize("kind", BLOCKS)
def test_the_edges_of_a_tile_are_edges_of_its_page(kind):
    now = clock.now()
    first, second = (now + timedelta(hours=n) for n in (1, 2))
    page = arrange(
        tiled(kind, 早={"starts_at": first.isoformat()}, 晚={"ends_at": second.isoformat()})
    )
    blocks = page.versions.get().blocks

    assert next_edge(blocks, now) == first
    assert next_edge(blocks, first) == second
    assert next_edge(blocks, second) is None


@pytest.fixture
def window(monkeypatch):
    """The cache as production has it, empty, and a clock to be moved."""

    def move_to(at):
        monkeypatch.setattr(clock, "now", lambda: at)
        shopwindow.KEEPER.forget_near()
        GLANCE.forget()

    monkeypatch.setattr(shopwindow, "LIFE_SECONDS", 60)
    move_to(clock.now())
    return move_to


@pytest.mark.parametrize("kind", BLOCKS)
def test_a_members_tile_gets_into_no_copy_that_strangers_share(kind, window):
    names = ["给大家", "给会员"]
    arrange(tiled(kind, 给大家={}, 给会员=MEMBERS))
    member = make_shopper()
    shopper, api = signed_in(member), ApiClient.of(member)

    for _twice in range(2):
        mine = [shopper.get("/"), api.get_json(API_HOME)]
        theirs = [Client().get("/"), Client().get(HOME)]

        assert [named_on(answer, names) for answer in mine] == [names] * 2
        assert [named_on(answer, names) for answer in theirs] == [["给大家"]] * 2
        assert all("private" in answer["Cache-Control"] for answer in mine)
    with count_queries(at_most=0):
        assert named_on(Client().get("/"), names) == ["给大家"]


def test_no_copy_reaches_past_the_end_of_a_tile(window):
    at = clock.now()
    until = at + timedelta(seconds=20)
    arrange(tiled("floating", 限时={"ends_at": until.isoformat()}, 长留={}))
    names = ["限时", "长留"]

    seen = {}
    for moment in (at, until - timedelta(seconds=1), until):
        window(moment)
        seen[moment - at] = [named_on(Client().get(path), names) for path in ("/", HOME)]

    assert list(seen.values()) == [[names] * 2, [names] * 2, [["长留"]] * 2]
