"""Tax numbers of mainland companies: 统一社会信用代码 with its check letter, and the older kinds.

Pure. Source: O-12; GB 32100-2015.
"""

import re

LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
OLD_LENGTHS = re.compile(r"[0-9]{15}|[0-9A-Z]{20}", re.ASCII)


def normal_tax_no(text: str) -> str:
    """The number without spaces, in capitals."""
    return "".join(text.split()).upper()


def is_tax_no(text: str) -> bool:
    """Eighteen letters whose last one checks the others, or a number of before 2015 (15 digits, 20
    letters), which nothing checks."""
    number = normal_tax_no(text)
    if len(number) == 18 and all(letter in LETTERS for letter in number):
        return number[-1] == check_letter(number[:17])
    return bool(OLD_LENGTHS.fullmatch(number))


def check_letter(first: str) -> str:
    """The eighteenth letter to seventeen others: 31 less the sum weighted by powers of 3."""
    total = sum(LETTERS.index(letter) * pow(3, place, 31) for place, letter in enumerate(first))
    return LETTERS[-total % 31]
