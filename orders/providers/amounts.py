"""Amounts as Chinese providers write them in text: yuan with up to two decimals."""

import re

YUAN = re.compile(r"(?P<whole>[0-9]{1,10})(?:\.(?P<part>[0-9]{1,2}))?")


def fen_of(text: str) -> int:
    """The fen of "123.4". Raises: ValueError for anything else, signs and exponents too."""
    match = YUAN.fullmatch(text)
    if match is None:
        raise ValueError("no amount in yuan")
    return int(match["whole"]) * 100 + int((match["part"] or "").ljust(2, "0"))


def yuan_of(amount_fen: int) -> str:
    """123.40 of 12340 fen."""
    return f"{amount_fen // 100}.{amount_fen % 100:02d}"
