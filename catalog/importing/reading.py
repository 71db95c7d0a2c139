"""Which reader a file or folder needs."""

from pathlib import Path

from django.utils.translation import gettext as _

from catalog.importing.litemall import is_litemall, read_litemall
from catalog.importing.records import Shipload
from catalog.importing.sheets import UnreadableFile, read_sheet
from catalog.importing.tables import read_table

FORMATS = ("auto", "csv", "xlsx", "jsonl", "litemall")


def read_shipload(path: Path, *, file_format: str = "auto") -> Shipload:
    """All goods of a file, or of a litemall folder. Raises: UnreadableFile."""
    if file_format == "litemall" or (file_format == "auto" and path.is_dir()):
        if not is_litemall(path):
            raise UnreadableFile(_("This is no folder with the tables of a litemall shop."))
        return read_litemall(path)
    if not path.is_file():
        raise UnreadableFile(_("There is no such file."))
    return read_table(read_sheet(path, file_format=file_format), name=path.name)
