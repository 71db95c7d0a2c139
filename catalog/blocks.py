"""What the detail blocks of a product hold, kind by kind. Pure: no Django, no database.

A block is a dict: ``kind``, then the fields of its kind. Texts are in two columns (``text_zh``,
``text_en``), tables are lines of cells between bars, the first line is the head.
Source: requirements C-44 (the first three sell), C-45 (kinds).
"""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

TITLE, TEXT, TABLE = "title", "text", "table"
PICTURE, PICTURES, VIDEO = "media_id", "media_ids", "video_id"
LENGTHS = {TITLE: 80, TEXT: 2000, TABLE: 4000}
MOST_BLOCKS = 40
FEWEST_FRAMES, MOST_FRAMES = 4, 72
MOST_LINES, MOST_CELLS = 40, 8
FIRST_SCREENS = 3


@dataclasses.dataclass(frozen=True, slots=True)
class Kind:
    """The fields a kind of block has; those it ``needs``, and how many columns its table has."""

    may: tuple[str, ...]
    needs: tuple[str, ...] = ()
    columns: int = 0
    """0: any number."""

    @property
    def fields(self) -> tuple[str, ...]:
        return (*self.needs, *(name for name in self.may if name not in self.needs))


KINDS = {
    "point": Kind((TITLE, TEXT, PICTURE), (TITLE,)),
    "trust": Kind((TITLE, TEXT)),
    "text": Kind((TITLE, TEXT), (TEXT,)),
    "image": Kind((TITLE, PICTURE), (PICTURE,)),
    "parameters": Kind((TITLE, TABLE), columns=2),
    "scenario": Kind((TITLE, TEXT, PICTURE), (TITLE,)),
    "comparison": Kind((TITLE, TABLE), (TABLE,)),
    "pain_point": Kind((TITLE, TEXT, PICTURE), (TITLE, TEXT)),
    "size_guide": Kind((TITLE, TEXT, TABLE), (TABLE,)),
    "video": Kind((TITLE, VIDEO), (VIDEO,)),
    "spin": Kind((TITLE, PICTURES), (PICTURES,)),
    "faq": Kind((TITLE, TABLE), (TABLE,), columns=2),
    "shipping": Kind((TITLE, TEXT)),
}
POINT, TRUST = "point", "trust"


@dataclasses.dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a block: its place from 1, the field, a code of `FAULTS`."""

    number: int
    field: str
    code: str


FAULTS = ("kind", "missing", "long", "table", "frames", "id", "many")


def faults_of(blocks: Any) -> list[Fault]:
    """Everything that is wrong with these blocks, in order; empty when they can be stored."""
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        return [Fault(0, "blocks", "kind")]
    found = [fault for number, block in enumerate(blocks, 1) for fault in _faults(number, block)]
    return [*found, *([Fault(0, "blocks", "many")] if len(blocks) > MOST_BLOCKS else [])]


def _faults(number: int, block: Mapping[str, Any]) -> Iterator[Fault]:
    kind = KINDS.get(str(block.get("kind", "")))
    if kind is None:
        yield Fault(number, "kind", "kind")
        return
    for field in kind.fields:
        code = _fault_of(field, block, kind)
        if code:
            yield Fault(number, field, code)


def _fault_of(field: str, block: Mapping[str, Any], kind: Kind) -> str:
    if field in LENGTHS:
        return _fault_of_words(field, block, kind)
    value = block.get(field)
    if not value:
        return "missing" if field in kind.needs else ""
    if field == PICTURES:
        return _fault_of_frames(value)
    return "" if _is_id(value) else "id"


def _fault_of_words(field: str, block: Mapping[str, Any], kind: Kind) -> str:
    zh, en = (block.get(f"{field}_{code}", "") for code in ("zh", "en"))
    if not isinstance(zh, str) or not isinstance(en, str):
        return "kind"
    if not zh.strip():
        return "missing" if field in kind.needs else ""
    if max(len(zh), len(en)) > LENGTHS[field]:
        return "long"
    if field == TABLE and not all(_fits(rows_of(text), kind) for text in (zh, en) if text.strip()):
        return "table"
    return ""


def _fault_of_frames(value: Any) -> str:
    if not isinstance(value, list) or not all(_is_id(one) for one in value):
        return "id"
    return "" if FEWEST_FRAMES <= len(value) <= MOST_FRAMES else "frames"


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1 << 63


def _fits(rows: Sequence[Sequence[str]], kind: Kind) -> bool:
    widths = {len(row) for row in rows}
    width = next(iter(widths), 0)
    is_even = len(widths) == 1 and 1 < width <= MOST_CELLS and len(rows) <= MOST_LINES
    return is_even and kind.columns in (0, width)


def rows_of(table: str) -> list[list[str]]:
    """The cells of a table that was typed a line a row: ``尺码 | 胸围``."""
    lines = (line.replace("｜", "|") for line in table.splitlines() if line.strip())
    return [[cell.strip() for cell in line.split("|")] for line in lines]


def cleaned(block: Mapping[str, Any]) -> dict[str, Any]:
    """Only what the kind has, without what is empty."""
    kind = KINDS[block["kind"]]
    names = [
        name
        for field in kind.fields
        for name in ([f"{field}_zh", f"{field}_en"] if field in LENGTHS else [field])
    ]
    return {"kind": block["kind"], **{name: block[name] for name in names if block.get(name)}}


def lacks_selling_point(blocks: Sequence[Mapping[str, Any]], *, has_papers: bool) -> bool:
    """True when none of the first three blocks sells: names a selling point, or shows papers or
    words that speak for the goods (C-44: patents, quality reports, promotions)."""
    return not any(_sells(block, has_papers) for block in blocks[:FIRST_SCREENS])


def _sells(block: Mapping[str, Any], has_papers: bool) -> bool:
    if block.get("kind") == TRUST:
        return has_papers or bool(block.get("text_zh", "").strip())
    return block.get("kind") == POINT


def with_papers(blocks: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The blocks of a product that has papers: its trust block shows them, and where it has none
    one stands in the middle of the page (C-46)."""
    if any(block.get("kind") == TRUST for block in blocks):
        return list(blocks)
    middle = (len(blocks) + 1) // 2
    return [*blocks[:middle], {"kind": TRUST}, *blocks[middle:]]


def picture_ids(blocks: Iterable[Mapping[str, Any]]) -> set[int]:
    """The pictures that these blocks show."""
    found: set[int] = set()
    for block in blocks:
        found.update(block.get(PICTURES) or ())
        if block.get(PICTURE):
            found.add(block[PICTURE])
    return found


def video_ids(blocks: Iterable[Mapping[str, Any]]) -> set[int]:
    """The videos that these blocks play."""
    return {block[VIDEO] for block in blocks if block.get(VIDEO)}
