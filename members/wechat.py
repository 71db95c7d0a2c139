"""WeChat's log-in for mini-programs: who is it, and which phone is theirs. Source: M-01, ATK-56.

Two clients behind one shape: the real protocol, and the demo's own. The session key that WeChat
hands out is dropped here: nothing of ours decrypts with it, so it can leak from nowhere.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from django.conf import settings
from django.core.cache import cache
from django.utils.module_loading import import_string

from members.errors import WechatAway, WechatRefused

SITE = "https://api.weixin.qq.com"
TIMEOUT_SECONDS = 5
CODE = re.compile(r"[\x21-\x7e]{1,128}")
REFUSED = frozenset({40029, 40163, 40226})  # code invalid, code used before, blocked user
TOKEN_STALE = frozenset({40001, 40014, 42001})
TOKEN_KEY = "members.wechat.token"  # noqa: S105 - a cache key
Fetch = Callable[[str, bytes | None], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Visitor:
    """A WeChat user of one app. ``phone`` is known at once only in the demo."""

    appid: str
    openid: str
    phone: str | None = None


class WechatClient(Protocol):
    """What signing in needs of WeChat."""

    def exchange(self, code: str) -> Visitor:
        """Who made this log-in code. Raises: WechatRefused, WechatAway."""

    def phone_of(self, phone_code: str) -> str:
        """The phone number behind a code of the phone button. Raises: WechatRefused, WechatAway."""


def wechat_client() -> WechatClient:
    """The client named in settings."""
    client: WechatClient = import_string(settings.WECHAT_CLIENT)()
    return client


def fetch_json(url: str, body: bytes | None = None) -> Mapping[str, Any]:
    """GET, or POST a JSON body, within five seconds. Raises: WechatAway."""
    request = Request(url, data=body, headers={"Content-Type": "application/json"})  # noqa: S310 - https, ours
    try:
        with urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 # nosec B310
            parsed = json.load(answer)
    except (URLError, OSError, ValueError) as error:
        raise WechatAway from error
    if not isinstance(parsed, dict):
        raise WechatAway
    return parsed


class MiniProgramClient:
    """The real protocol: jscode2session, stable_token, getuserphonenumber."""

    def __init__(self, fetch: Fetch = fetch_json) -> None:
        self.fetch = fetch
        self.appid = settings.WECHAT_APPID

    def exchange(self, code: str) -> Visitor:
        query = {
            "appid": self.appid,
            "secret": settings.WECHAT_SECRET,
            "js_code": _plain(code),
            "grant_type": "authorization_code",
        }
        answer = self.fetch(f"{SITE}/sns/jscode2session?{urlencode(query)}", None)
        _raise_for(answer)
        return Visitor(appid=self.appid, openid=_text(answer, "openid"))

    def phone_of(self, phone_code: str) -> str:
        body = json.dumps({"code": _plain(phone_code)}).encode()
        answer = self.fetch(self._phone_url(), body)
        if answer.get("errcode") in TOKEN_STALE:
            cache.delete(TOKEN_KEY)
            answer = self.fetch(self._phone_url(), body)
        _raise_for(answer)
        details = answer.get("phone_info")
        if not isinstance(details, Mapping):
            raise WechatAway
        return _text(details, "purePhoneNumber")

    def _phone_url(self) -> str:
        query = urlencode({"access_token": self._access_token()})
        return f"{SITE}/wxa/business/getuserphonenumber?{query}"

    def _access_token(self) -> str:
        """WeChat's own token, kept in the cache; two workers that ask at once get the same one."""
        known = cache.get(TOKEN_KEY)
        if known:
            return str(known)
        body = {
            "grant_type": "client_credential",
            "appid": self.appid,
            "secret": settings.WECHAT_SECRET,
        }
        answer = self.fetch(f"{SITE}/cgi-bin/stable_token", json.dumps(body).encode())
        _raise_for(answer)
        token = _text(answer, "access_token")
        cache.set(TOKEN_KEY, token, max(60, int(answer.get("expires_in", 0)) - 300))
        return token


def _plain(code: str) -> str:
    if not CODE.fullmatch(code):
        raise WechatRefused
    return code


def _raise_for(answer: Mapping[str, Any]) -> None:
    code = answer.get("errcode") or 0
    if code in REFUSED:
        raise WechatRefused
    if code:
        raise WechatAway


def _text(answer: Mapping[str, Any], name: str) -> str:
    value = answer.get(name)
    if not isinstance(value, str) or not value:
        raise WechatAway
    return value
