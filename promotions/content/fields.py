"""The fields of blocks: each reads one raw JSON value, strictly, and says what is wrong with it."""

import abc
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from promotions.content.problems import Path, Problems

SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}", re.ASCII)
LINK = re.compile(r"/(?![/\\])[^\s\\\x00-\x1f]{0,199}")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Field(abc.ABC):
    """One named value of a block or tile."""

    name: str
    is_required: bool = False

    @abc.abstractmethod
    def empty(self) -> Any:
        """The value of a field that was left out."""

    @abc.abstractmethod
    def read(self, raw: Any, path: Path, problems: Problems) -> Any:
        """``raw`` as it is kept; what is wrong with it goes to ``problems``."""

    def take(self, values: Mapping[str, Any], path: Path, problems: Problems) -> Any:
        """The field's value out of a JSON object."""
        here, raw = (*path, self.name), values.get(self.name)
        if raw in (None, "", [], {}):
            if self.is_required:
                problems.add(here, "required")
            return self.empty()
        return self.read(raw, here, problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words(Field):
    """A text in two languages, {"zh": ..., "en": ...}; Chinese stands in where English is empty."""

    most: int = 40
    is_long: bool = False
    is_title: bool = False

    def empty(self) -> dict[str, str]:
        return {"zh": "", "en": ""}

    def read(self, raw: Any, path: Path, problems: Problems) -> dict[str, str]:
        if not isinstance(raw, dict) or not set(raw) <= {"zh", "en"}:
            problems.add(path, "words")
            return self.empty()
        found = self.empty()
        for code, most in (("zh", self.most), ("en", self.most * 2)):
            text = raw.get(code) or ""
            if not isinstance(text, str) or CONTROL.search(text):
                problems.add((*path, code), "text")
            elif len(text) > most:
                problems.add((*path, code), "too_long", most=most)
            else:
                found[code] = text.strip()
        if self.is_required and not found["zh"]:
            problems.add((*path, "zh"), "required")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Field):
    """A path of this shop; other hosts are refused."""

    def empty(self) -> str:
        return ""

    def read(self, raw: Any, path: Path, problems: Problems) -> str:
        if isinstance(raw, str) and LINK.fullmatch(raw):
            return raw
        problems.add(path, "link")
        return self.empty()


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole(Field):
    """A whole number in a range."""

    least: int = 1
    most: int = 40
    default: int = 1

    def empty(self) -> int:
        return self.default

    def read(self, raw: Any, path: Path, problems: Problems) -> int:
        if type(raw) is int and self.least <= raw <= self.most:
            return raw
        problems.add(path, "range", least=self.least, most=self.most)
        return self.default


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Field):
    """One of a few names; the first is the usual one."""

    options: tuple[str, ...]

    def empty(self) -> str:
        return self.options[0]

    def read(self, raw: Any, path: Path, problems: Problems) -> str:
        if isinstance(raw, str) and raw in self.options:
            return raw
        problems.add(path, "choice", options=", ".join(self.options))
        return self.empty()


@dataclass(frozen=True, slots=True, kw_only=True)
class Slug(Field):
    """The address of a category or the code of a season."""

    of: str

    def empty(self) -> str:
        return ""

    def read(self, raw: Any, path: Path, problems: Problems) -> str:
        if isinstance(raw, str) and SLUG.fullmatch(raw):
            return raw
        problems.add(path, "slug")
        return self.empty()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ref(Field):
    """The number of a picture or video."""

    of: str

    def empty(self) -> None:
        return None

    def read(self, raw: Any, path: Path, problems: Problems) -> int | None:
        if _is_id(raw):
            return int(raw)
        problems.add(path, "number")
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refs(Field):
    """Numbers of goods or coupons, in the operator's order, each once."""

    of: str
    most: int = 40

    def empty(self) -> list[int]:
        return []

    def read(self, raw: Any, path: Path, problems: Problems) -> list[int]:
        if not isinstance(raw, list) or not all(_is_id(one) for one in raw):
            problems.add(path, "numbers")
            return []
        found = list(dict.fromkeys(raw))
        if len(found) > self.most:
            problems.add(path, "too_many", most=self.most)
        return found[: self.most]


def _is_id(raw: Any) -> bool:
    return type(raw) is int and 0 < raw <= LARGEST_ID


@dataclass(frozen=True, slots=True, kw_only=True)
class Instant(Field):
    """A moment with its time zone, in ISO 8601."""

    def empty(self) -> None:
        return None

    def read(self, raw: Any, path: Path, problems: Problems) -> str | None:
        if isinstance(raw, str) and read_instant(raw) is not None:
            return raw
        problems.add(path, "instant")
        return None


def read_instant(raw: str | None) -> datetime | None:
    """The moment that a JSON text names; None when it names none."""
    try:
        found = datetime.fromisoformat(raw) if raw else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiles(Field):
    """A list of small objects with fields of their own: slides, zones, buttons."""

    fields: tuple[Field, ...]
    most: int = 12

    def empty(self) -> list[dict[str, Any]]:
        return []

    def read(self, raw: Any, path: Path, problems: Problems) -> list[dict[str, Any]]:
        if not isinstance(raw, list) or not all(isinstance(tile, dict) for tile in raw):
            problems.add(path, "tiles")
            return []
        if len(raw) > self.most:
            problems.add(path, "too_many", most=self.most)
        return [
            read_object(tile, self.fields, (*path, number), problems)
            for number, tile in enumerate(raw[: self.most])
        ]


def read_object(
    raw: Mapping[str, Any], fields: tuple[Field, ...], path: Path, problems: Problems
) -> dict[str, Any]:
    """A JSON object with exactly these fields; a name that is none of them is a problem."""
    known = {field.name for field in fields}
    for name in raw:
        if name not in known:
            problems.add((*path, str(name)[:40]), "unknown")
    return {field.name: field.take(raw, path, problems) for field in fields}


def walk(
    values: Mapping[str, Any], fields: tuple[Field, ...], path: Path = ()
) -> Iterator[tuple[Path, Field, Any]]:
    """Every field with its value, tiles opened."""
    for field in fields:
        value = values.get(field.name, field.empty())
        if isinstance(field, Tiles):
            for number, tile in enumerate(value):
                yield from walk(tile, field.fields, (*path, field.name, number))
        else:
            yield (*path, field.name), field, value
