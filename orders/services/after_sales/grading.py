"""What an inspection found, line by line: pieces by grade, of a bundle those of each part.

A bundle is back when all its parts are: the worst of them is its grade, and one without a part is
missing. What is kept of its price is the share of the parts that are. Source: O-47, C-13.
"""

from collections.abc import Iterable, Mapping

from catalog.models import Sku
from inventory.services import ReturnedPiece
from mall.kernel.errors import InvalidInput
from mall.kernel.money import split
from orders import refunds
from orders.models import AfterSaleLine

Grades = Mapping[str, int]
"""Grade -> pieces."""

Weights = Mapping[int, int]
"""What a piece of each part counts, by SKU id."""


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


def part_weights(rows: Iterable[AfterSaleLine]) -> Weights:
    """What a piece of each part counts, of the bundles that lack some: its cost, by SKU id; their
    prices where a cost is not known. Queries: 1, none when nothing is missing."""
    ids = {part["sku_id"] for row in rows if row.missing_parts for part in row.line.parts or ()}
    skus = Sku.objects.filter(pk__in=ids).values_list("pk", "cost_fen", "price_fen") if ids else ()
    known = all(cost_fen for _pk, cost_fen, _price_fen in skus)
    return {pk: cost_fen if known else price_fen for pk, cost_fen, price_fen in skus}


def missing_fen(row: AfterSaleLine, weights: Weights) -> int:
    """What is kept for goods that did not come back; of a bundle the share of its missing parts."""
    sent = row.quantity - row.unshipped
    lost = row.missing_parts
    if not lost:
        pieces = sent - sum(row.grades.values())
        return refunds.cum(row.amount_fen, row.quantity, pieces) if pieces else 0
    sent_fen = refunds.cum(row.amount_fen, row.quantity, sent)
    came = {
        part["sku_id"]: sent * part["quantity"] - lost.get(part["sku_id"], 0)
        for part in row.line.parts or ()
    }
    shares = [weights[pk] * pieces for some in (lost, came) for pk, pieces in some.items()]
    return sum(split(sent_fen, shares)[: len(lost)])


def _checked(found: Grades, most: int) -> dict[str, int]:
    kept = {grade: number for grade, number in found.items() if number}
    if min(kept.values(), default=1) < 0 or sum(kept.values()) > most:
        raise InvalidInput(field="grades", allowed=str(most))
    return kept
