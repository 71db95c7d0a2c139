"""The demo's outside world: SMS that can be read here, WeChat users called demo-1, demo-2 ...

Named in settings only when MALL_DEMO=1; nothing else imports it but the demo's own addresses.
"""

import re

from django.core.cache import cache

from members.errors import WechatRefused
from members.wechat import Visitor

KEPT_SECONDS = 300
CODE = re.compile(r"(?<![0-9])[0-9]{6}(?![0-9])")
VISITOR = re.compile(r"demo-([1-9][0-9]{0,3})")
APPID = "wx-demo"


def keep_sms(address: str, title: str, body: str) -> None:
    """A channel back end: keeps the last SMS of a phone in the cache for five minutes."""
    cache.set(f"members.sandbox.sms.{address}", body, KEPT_SECONDS)


def last_sms_code(phone: str) -> str | None:
    """The code in the last SMS of a phone, None when there is none."""
    found = CODE.search(cache.get(f"members.sandbox.sms.{phone}") or "")
    return found[0] if found else None


class DemoWechatClient:
    """Knows the users demo-<n>; the n-th has the phone 13800000000 + n, as demo members have."""

    def exchange(self, code: str) -> Visitor:
        """As WechatClient. Raises: WechatRefused."""
        return Visitor(appid=APPID, openid=f"openid-{code}", phone=self.phone_of(code))

    def phone_of(self, phone_code: str) -> str:
        """As WechatClient. Raises: WechatRefused."""
        found = VISITOR.fullmatch(phone_code)
        if found is None:
            raise WechatRefused
        return f"1380000{int(found[1]):04d}"
