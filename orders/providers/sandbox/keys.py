"""The sandbox's own RSA key and APIv3 key: made on first use, readable by the owner only."""

import json
import os
import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings

APP_ID = "wxmallsandbox00001"
MERCHANT_ID = "1900000109"


@dataclass(frozen=True, slots=True)
class Keys:
    """What both sides of the sandbox need: one signs with the private key, the other verifies."""

    private: rsa.RSAPrivateKey
    serial: str
    api_key: bytes


def keys() -> Keys:
    """The keys of this installation."""
    return _load(folder() / "keys.json")


def folder() -> Path:
    """Where the sandbox keeps its keys and its book; made on first use, closed to others."""
    path = Path(settings.SANDBOX_KEY_DIR)
    if not path.is_dir():
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


@cache
def _load(path: Path) -> Keys:
    if not path.exists():
        _make(path)
    data = json.loads(path.read_text())
    private = serialization.load_pem_private_key(data["private"].encode(), password=None)
    assert isinstance(private, rsa.RSAPrivateKey)
    return Keys(private, _serial(private), data["api_key"].encode())


def _make(path: Path) -> None:
    """Write a whole file beside ``path`` and link it there: of two makers one wins, none sees
    half."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    draft = path.with_name(f"{path.name}.{secrets.token_hex(6)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump({"private": pem.decode(), "api_key": secrets.token_hex(16)}, file)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _serial(private: rsa.RSAPrivateKey) -> str:
    der = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    digest = hashes.Hash(hashes.SHA256())
    digest.update(der)
    return digest.finalize().hex()[:40].upper()
