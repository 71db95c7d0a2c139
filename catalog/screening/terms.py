"""What is looked for, and what is found."""

import dataclasses
import re
from enum import StrEnum


class TermClass(StrEnum):
    """The classes operators know: 医疗宣称, 极限用语, 其他."""

    MEDICAL = "medical"
    ABSOLUTE = "absolute"
    OTHER = "other"


class Severity(StrEnum):
    """What a hit does: it keeps a text from shoppers, or is only shown to who checks it."""

    BLOCK = "block"
    WARN = "warn"


@dataclasses.dataclass(frozen=True, slots=True)
class Term:
    """One word. ``blocks_titles``: it blocks in a title though it only warns in longer texts."""

    word: str
    term_class: TermClass
    severity: Severity
    blocks_titles: bool = False
    basis: str = ""

    def severity_in(self, *, is_title: bool) -> Severity:
        """What it does in a title, or in any other text."""
        return Severity.BLOCK if is_title and self.blocks_titles else self.severity


@dataclasses.dataclass(frozen=True, slots=True)
class Pattern:
    """A family of words: 三天见效, 7天见效. It is matched against folded text."""

    term: Term
    pattern: re.Pattern[str]


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """A hit: the term, and the half-open place of it in the text as it was written."""

    word: str
    term_class: TermClass
    severity: Severity
    start: int
    end: int
    basis: str = ""

    @property
    def blocks(self) -> bool:
        return self.severity == Severity.BLOCK
