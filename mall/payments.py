"""What each payment channel must be told before it can be offered (docs/configuration.md).

A channel without its whole set of values is not configured, and not offered.
"""

from mall import env

Channel = dict[str, str]


def channels() -> dict[str, Channel]:
    """The values of every channel, by its code; empty where nothing is set."""
    return {"wechatpay": _wechatpay(), "alipay": _alipay()}


def _wechatpay() -> Channel:
    return {
        "url": env.text("WECHATPAY_URL", "https://api.mch.weixin.qq.com"),
        "appid": env.text("WECHATPAY_APPID") or env.text("WECHAT_APPID"),
        "mchid": env.text("WECHATPAY_MCHID"),
        "serial": env.text("WECHATPAY_SERIAL"),
        "private_key_file": env.text("WECHATPAY_PRIVATE_KEY_FILE"),
        "api_key": env.text("WECHATPAY_API_KEY"),
        "platform_serial": env.text("WECHATPAY_PLATFORM_SERIAL"),
        "platform_key_file": env.text("WECHATPAY_PLATFORM_KEY_FILE"),
    }


def _alipay() -> Channel:
    return {
        "url": env.text("ALIPAY_URL", "https://openapi.alipay.com/gateway.do"),
        "app_id": env.text("ALIPAY_APPID"),
        "seller_id": env.text("ALIPAY_SELLER_ID"),
        "private_key_file": env.text("ALIPAY_PRIVATE_KEY_FILE"),
        "public_key_file": env.text("ALIPAY_PUBLIC_KEY_FILE"),
    }
