"""How stored values are shown where they may only be looked at."""

from collections.abc import Callable

from django.db.models import Model
from django.utils.safestring import SafeString

from mall.kernel.db import FenField
from mall.kernel.money import yuan


class YuanShown:
    """Money is yuan in read-only fields too, as it is in forms; bare fen are never shown."""

    model: type[Model]

    @property
    def readonly_preprocess_fields(self) -> dict[str, Callable[[SafeString], str]]:
        """Unfold's own hook: what becomes of a read-only field's text."""
        return {f.name: as_yuan for f in self.model._meta.fields if isinstance(f, FenField)}


def as_yuan(fen: SafeString) -> str:
    """The text of a fen column in yuan: "98,765" -> "987.65"; the sign for nothing stays."""
    digits = "".join(letter for letter in fen if letter.isdigit() or letter == "-")
    return yuan(int(digits)) if digits.strip("-") else fen
