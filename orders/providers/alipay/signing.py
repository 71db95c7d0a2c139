"""RSA2 of Alipay: over sorted parameters on the way out and in, over the raw answer in answers."""

from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from orders.providers import rsa

UNSIGNED = frozenset({"sign", "sign_type"})


def signed(key: RSAPrivateKey, values: Mapping[str, str]) -> dict[str, str]:
    """The values of a request with their signature; empty ones are left out."""
    kept = {name: value for name, value in values.items() if value}
    return kept | {"sign": rsa.sign(key, content_of(kept, leave_out=frozenset({"sign"})))}


def is_signed(key: RSAPublicKey, values: Mapping[str, str]) -> bool:
    """True when the values of a notice were signed by the key as they stand here."""
    return rsa.is_signed(key, content_of(values, leave_out=UNSIGNED), values.get("sign", ""))


def content_of(values: Mapping[str, str], *, leave_out: frozenset[str]) -> bytes:
    """name=value of every parameter in the order of the names: what is signed."""
    names = sorted(set(values) - leave_out)
    return "&".join(f"{name}={values[name]}" for name in names).encode()


def answer_in(text: str, name: str) -> str:
    """The answer under ``name`` exactly as it was sent, for that is what was signed. Raises:
    ValueError."""
    start = text.index(f'"{name}"') + len(name) + 2
    start = text.index("{", start)
    depth, quoted, place = 0, False, start
    while place < len(text):
        sign = text[place]
        if sign == "\\":
            place += 1  # whatever is escaped is no end of anything
        elif sign == '"':
            quoted = not quoted
        elif not quoted:
            depth += (sign == "{") - (sign == "}")
            if depth == 0:
                return text[start : place + 1]
        place += 1
    raise ValueError("the answer has no end")
