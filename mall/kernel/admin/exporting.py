"""CSV for spreadsheets: text stays text, whatever it begins with (ATK-49)."""

import csv
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse

from mall.kernel.cells import safe_cell

BOM = "\ufeff"


def csv_response(
    file_name: str, header: Sequence[object], rows: Iterable[Sequence[Any]]
) -> HttpResponse:
    """A download in UTF-8 that Excel opens as such, every cell safe; ``file_name`` is ASCII."""
    response = HttpResponse(BOM, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    writer = csv.writer(response)
    writer.writerow([safe_cell(str(title)) for title in header])
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return response
