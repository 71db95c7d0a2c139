"""What providers of payment are called; rows keep their codes. Asks nothing of the models, so that
these name themselves with it too."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PROVIDERS: Mapping[str, str | Promise] = {
    "sandbox": _("Sandbox cashier"),
    "wechatpay": _("WeChat Pay"),
    "alipay": _("Alipay"),
    "wallet": _("Shop balance"),
}


def provider_title(code: str) -> str:
    """Who took a payment."""
    return str(PROVIDERS.get(code, code))
