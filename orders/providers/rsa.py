"""RSA-SHA256 as WeChat Pay and Alipay both use it, and their keys from PEM files."""

import base64
import binascii
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.x509 import load_pem_x509_certificate
from django.core.exceptions import ImproperlyConfigured


def sign(key: RSAPrivateKey, message: bytes) -> str:
    """The signature of a message, in base64."""
    return base64.b64encode(key.sign(message, padding.PKCS1v15(), hashes.SHA256())).decode()


def is_signed(key: RSAPublicKey, message: bytes, signature: str) -> bool:
    """True when the signature is the key's own; whatever is no base64 is none."""
    try:
        raw = base64.b64decode(signature, validate=True)
        key.verify(raw, message, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def private_key(path: str) -> RSAPrivateKey:
    """Our own key. Raises: ImproperlyConfigured."""
    try:
        key = serialization.load_pem_private_key(Path(path).read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise ImproperlyConfigured(f"{path} holds no private key") from error
    if not isinstance(key, RSAPrivateKey):
        raise ImproperlyConfigured(f"{path} holds no RSA key")
    return key


def public_key(pem: bytes) -> RSAPublicKey:
    """The key in a PEM, of a certificate or bare. Raises: ValueError."""
    is_certificate = b"BEGIN CERTIFICATE" in pem
    key: object = (
        load_pem_x509_certificate(pem).public_key()
        if is_certificate
        else serialization.load_pem_public_key(pem)
    )
    if not isinstance(key, RSAPublicKey):
        raise ValueError("no RSA key")
    return key


def public_key_of(path: str) -> RSAPublicKey:
    """The other side's key from a file. Raises: ImproperlyConfigured."""
    try:
        return public_key(Path(path).read_bytes())
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(f"{path} holds no public RSA key") from error
