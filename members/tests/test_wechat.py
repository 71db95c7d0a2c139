import json
from urllib.error import URLError
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache

from members import wechat
from members.errors import WechatAway, WechatRefused
from members.sandbox import DemoWechatClient
from members.wechat import MiniProgramClient, fetch_json


class FakeSite:
    """Answers by path, remembers what it was asked."""

    def __init__(self, **answers):
        self.answers, self.asked = answers, []

    def __call__(self, url, body):
        parts = urlsplit(url)
        self.asked.append((parts.path, parse_qs(parts.query), json.loads(body) if body else None))
        answer = self.answers[parts.path.rsplit("/", 1)[1]]
        return answer.pop(0) if isinstance(answer, list) else answer


@pytest.fixture(autouse=True)
def _an_app(settings):
    settings.WECHAT_APPID, settings.WECHAT_SECRET = "wx1", "secret-of-the-app"
    cache.clear()


def test_a_code_is_exchanged_and_the_session_key_dropped():
    site = FakeSite(jscode2session={"openid": "o1", "session_key": "never", "unionid": "u"})

    visitor = MiniProgramClient(site).exchange("081abc")

    assert visitor == wechat.Visitor(appid="wx1", openid="o1")
    assert "never" not in repr(visitor)
    path, query, body = site.asked[0]
    assert (path, body) == ("/sns/jscode2session", None)
    assert query["js_code"] == ["081abc"]
    assert query["grant_type"] == ["authorization_code"]


@pytest.mark.parametrize("errcode", [40029, 40163, 40226])
def test_a_used_or_unknown_code_is_refused(errcode):
    with pytest.raises(WechatRefused):
        MiniProgramClient(FakeSite(jscode2session={"errcode": errcode})).exchange("081abc")


@pytest.mark.parametrize(
    "answer", [{"errcode": -1}, {"errcode": 45011}, {}, {"openid": ""}, {"openid": 5}]
)
def test_anything_else_means_that_wechat_is_away(answer):
    with pytest.raises(WechatAway):
        MiniProgramClient(FakeSite(jscode2session=answer)).exchange("081abc")


@pytest.mark.parametrize("code", ["", "a b", "x" * 129, "码", "a\n"])
def test_what_is_no_code_never_leaves_the_house(code):
    site = FakeSite()

    with pytest.raises(WechatRefused):
        MiniProgramClient(site).exchange(code)

    assert not site.asked


def test_a_phone_is_read_with_a_token_that_is_asked_for_once():
    site = FakeSite(
        stable_token={"access_token": "t1", "expires_in": 7200},
        getuserphonenumber={"errcode": 0, "phone_info": {"purePhoneNumber": "13800000001"}},
    )
    client = MiniProgramClient(site)

    assert client.phone_of("p1") == client.phone_of("p2") == "13800000001"

    assert [path for path, _query, _body in site.asked] == [
        "/cgi-bin/stable_token",
        "/wxa/business/getuserphonenumber",
        "/wxa/business/getuserphonenumber",
    ]
    assert site.asked[1][1:] == ({"access_token": ["t1"]}, {"code": "p1"})


def test_a_stale_token_is_asked_for_again():
    site = FakeSite(
        stable_token=[
            {"access_token": "old", "expires_in": 7200},
            {"access_token": "new", "expires_in": 7200},
        ],
        getuserphonenumber=[
            {"errcode": 40001},
            {"errcode": 0, "phone_info": {"purePhoneNumber": "13800000001"}},
        ],
    )

    assert MiniProgramClient(site).phone_of("p1") == "13800000001"
    assert site.asked[-1][1] == {"access_token": ["new"]}


def test_a_phone_answer_without_a_phone_means_away():
    site = FakeSite(
        stable_token={"access_token": "t1", "expires_in": 7200},
        getuserphonenumber={"errcode": 0, "phone_info": None},
    )

    with pytest.raises(WechatAway):
        MiniProgramClient(site).phone_of("p1")


def test_a_dead_line_means_away(monkeypatch):
    def dead(*_args, **_kwargs):
        raise URLError("no route")

    monkeypatch.setattr(wechat, "urlopen", dead)

    with pytest.raises(WechatAway):
        fetch_json("https://api.weixin.qq.com/x")


def test_the_demo_knows_its_own_visitors():
    visitor = DemoWechatClient().exchange("demo-3")

    assert (visitor.openid, visitor.phone) == ("openid-demo-3", "13800000003")
    for code in ("demo-0", "demo-", "demo-99999", "081abc", "demo-3\n"):
        with pytest.raises(WechatRefused):
            DemoWechatClient().exchange(code)
