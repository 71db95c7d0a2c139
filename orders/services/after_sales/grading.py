"""What an inspection found, line by line: pieces by grade, of a bundle those of each part.

A bundle is back when all its parts are: the worst of them is its grade, and one without a part is
missing. Source: O-47, C-13.
"""

from collections.abc import Iterable, Mapping

from inventory.services import ReturnedPiece
from mall.kernel.errors import InvalidInput
from orders.models import AfterSaleLine

Grades = Mapping[str, int]
"""Grade -> pieces."""


def note_grades(
    rows: Iterable[AfterSaleLine],
    grades: Mapping[int, Grades],
    part_grades: Mapping[int, Mapping[int, Grades]],
) -> list[ReturnedPiece]:
    """Note what came back on each row and say what goes into stock: ``grades`` by case line,
    ``part_grades`` by case line and SKU where the parts of a bundle were graded one by one.

    Raises: InvalidInput for more pieces than are in the case.
    """
    pieces: list[ReturnedPiece] = []
    for row in rows:
        if row.pk in part_grades and row.line.parts:
            pieces += _noted_parts(row, part_grades[row.pk])
        else:
            pieces += _noted(row, grades.get(row.pk, {}))
    return pieces


def _noted(row: AfterSaleLine, found: Grades) -> Iterable[ReturnedPiece]:
    row.grades = _checked(found, row.quantity - row.unshipped)
    if row.line.sku_id is None:
        return []
    each = {part["sku_id"]: part["quantity"] for part in row.line.parts or ()}
    return [
        ReturnedPiece(sku_id, number * pieces, grade)
        for sku_id, pieces in (each or {row.line.sku_id: 1}).items()
        for grade, number in row.grades.items()
    ]


def _noted_parts(row: AfterSaleLine, found: Mapping[int, Grades]) -> Iterable[ReturnedPiece]:
    """Bundles whose parts differ: as many are back as the scarcest part makes."""
    sent, graded, whole = row.quantity - row.unshipped, {}, []
    for part in row.line.parts or ():
        pieces = _checked(found.get(part["sku_id"], {}), sent * part["quantity"])
        graded[part["sku_id"]] = pieces
        whole.append(sum(pieces.values()) // part["quantity"])
    units = min(whole)
    worst = max((grade for pieces in graded.values() for grade in pieces), default="")
    row.grades = {worst: units} if units else {}
    row.part_grades = {str(sku_id): pieces for sku_id, pieces in graded.items()}
    return [
        ReturnedPiece(sku_id, number, grade)
        for sku_id, pieces in graded.items()
        for grade, number in pieces.items()
    ]


def _checked(found: Grades, most: int) -> dict[str, int]:
    kept = {grade: number for grade, number in found.items() if number}
    if min(kept.values(), default=1) < 0 or sum(kept.values()) > most:
        raise InvalidInput(field="grades", allowed=str(most))
    return kept
