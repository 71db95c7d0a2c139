"""Keys of both sides, made anew for every simulator; the mall gets its own as files."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPublicKey,
    generate_private_key,
)
from cryptography.x509.oid import NameOID

from mall.kernel import clock

APP_ID, MERCHANT_ID = "wx5f0c3a7d9e1b2468", "1900007291"
ALIPAY_APP_ID, SELLER_ID = "2026112200000001", "2088000000000001"
MERCHANT_SERIAL = "3775B6A45ACD588826D15E583A95F5DD000000AA"


@dataclass(frozen=True, slots=True)
class PlatformKey:
    """One of WeChat Pay's own keys with its certificate."""

    serial: str
    private: RSAPrivateKey
    certificate: bytes


@dataclass(frozen=True, slots=True)
class Keys:
    """What the two providers sign and verify with."""

    merchant: RSAPrivateKey
    platform: PlatformKey
    next_platform: PlatformKey
    alipay: RSAPrivateKey
    alipay_app: RSAPrivateKey
    api_key: bytes


def make_keys() -> Keys:
    """A whole set."""
    return Keys(
        merchant=_key(),
        platform=_platform_key(),
        next_platform=_platform_key(),
        alipay=_key(),
        alipay_app=_key(),
        api_key=secrets.token_hex(16).encode(),
    )


def channels_for(keys: Keys, folder: Path, url: str) -> dict[str, dict[str, str]]:
    """The mall's settings.PAYMENT_CHANNELS for a simulator at ``url``; its files go to
    ``folder``."""
    files = {
        "merchant.pem": _private_pem(keys.merchant),
        "platform.pem": keys.platform.certificate,
        "alipay_app.pem": _private_pem(keys.alipay_app),
        "alipay.pem": _public_pem(keys.alipay.public_key()),
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    wechatpay = {
        "url": url,
        "appid": APP_ID,
        "mchid": MERCHANT_ID,
        "serial": MERCHANT_SERIAL,
        "private_key_file": str(folder / "merchant.pem"),
        "api_key": keys.api_key.decode(),
        "platform_serial": keys.platform.serial,
        "platform_key_file": str(folder / "platform.pem"),
    }
    alipay = {
        "url": f"{url}/gateway.do",
        "app_id": ALIPAY_APP_ID,
        "seller_id": SELLER_ID,
        "private_key_file": str(folder / "alipay_app.pem"),
        "public_key_file": str(folder / "alipay.pem"),
    }
    return {"wechatpay": wechatpay, "alipay": alipay}


def _key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


def _platform_key() -> PlatformKey:
    private, serial = _key(), x509.random_serial_number()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "simulated platform")])
    now = clock.now()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(serial)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365))
        .sign(private, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    return PlatformKey(f"{serial:040X}", private, pem)


def _private_pem(key: RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _public_pem(key: RSAPublicKey) -> bytes:
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
