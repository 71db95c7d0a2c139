"""One spelling of a phone number, so that one person has one account (INV-35)."""

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from mall.kernel.errors import InvalidInput

SHAPE = re.compile(r"(?:\+?86)?(1[3-9][0-9]{9})")
SEPARATORS = re.compile(r"[\s\-]")
MAX_LENGTH = 20


def normal_phone(text: str, *, field: str = "phone") -> str:
    """The eleven digits of a mainland number, however it was typed. Raises: InvalidInput."""
    plain = SEPARATORS.sub("", unicodedata.normalize("NFKC", text[: MAX_LENGTH + 1]))
    found = SHAPE.fullmatch(plain) if len(text) <= MAX_LENGTH else None
    if found is None:
        raise InvalidInput(field=field, allowed=str(_("11 digits that begin with 1")))
    return found[1]
