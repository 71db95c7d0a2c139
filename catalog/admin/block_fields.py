"""The editor of a product's detail blocks: rows to fill in, add, move and take out.

It works as plain rows (an order number and a tick to take one out); `js/blocks-editor.js` makes it
smoother. Uploads become pictures and videos while the form is checked. Source: C-44, C-45.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import SafeString

from catalog import blocks
from catalog.admin.acting import refusals_as_errors
from catalog.admin.media import thumbnail
from catalog.models import Media, Video
from catalog.services import add_media, check_blocks, store_video
from catalog.words import BLOCK_FIELDS, BLOCK_KINDS
from mall.kernel import clock

MOST_ROWS = 60
TEXTS = tuple(f"{name}_{code}" for name in blocks.LENGTHS for code in ("zh", "en"))
NEW = "__n__"

Row = dict[str, Any]


class BlocksWidget(forms.Widget):
    """One row a block."""

    needs_multipart_form = True
    has_papers = False
    """Whether the product has papers for a trust block to show."""

    class Media:
        css = {"all": ("css/blocks-editor.css",)}  # noqa: RUF012 - Django reads it as it is
        js = ("js/blocks-editor.js",)

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict, name: str
    ) -> list[Row] | None:
        """The rows typed; None for a form without the editor, which changes nothing."""
        total = data.get(f"{name}-total", "")
        if not total.isdigit():
            return None
        numbers = range(min(int(total), MOST_ROWS))
        rows = [_typed(data, files, f"{name}-{number}-") for number in numbers]
        return sorted(rows, key=lambda row: int(row["sort"]))

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-total" not in data

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        rows = [row for row in value or [] if isinstance(row, dict) and _is_kept(row)]
        shown = [_shown(row, str(number)) for number, row in enumerate([*rows, {}])]
        context = {
            "name": name,
            "rows": shown,
            "empty": _shown({}, NEW),
            "total": len(shown),
            "kinds": [
                (code, BLOCK_KINDS[code], kind.fields) for code, kind in blocks.KINDS.items()
            ],
            "labels": BLOCK_FIELDS,
            "lacks": bool(rows) and blocks.lacks_selling_point(rows, has_papers=self.has_papers),
        }
        return render_to_string("admin/catalog_blocks.html", context)


class BlocksField(forms.Field):
    """Rows of the editor that become the blocks stored."""

    widget = BlocksWidget

    def has_changed(self, initial: Any, data: Any) -> bool:
        return data is not None and any(_is_filled(row) for row in [*(initial or []), *data])

    def clean(self, value: list[Row] | None) -> list[Row] | None:
        if value is None:
            return None
        kept = [row for row in value if _is_kept(row)]
        with refusals_as_errors():
            return check_blocks([_block(row) for row in kept])


def _typed(data: Mapping[str, Any], files: MultiValueDict, prefix: str) -> Row:
    sort = data.get(f"{prefix}sort", "")
    return {
        "kind": data.get(f"{prefix}kind", ""),
        "sort": sort if sort.isdigit() and len(sort) < 6 else "0",
        "gone": bool(data.get(f"{prefix}gone")),
        **{text: data.get(f"{prefix}{text}", "") for text in TEXTS},
        "media_ids": _ids(data.get(f"{prefix}media_ids", "")),
        "video_id": next(iter(_ids(data.get(f"{prefix}video_id", ""))), None),
        "drop_files": bool(data.get(f"{prefix}drop_files")),
        "pictures": files.getlist(f"{prefix}pictures"),
        "video": files.get(f"{prefix}video"),
    }


def _ids(text: str) -> list[int]:
    words = (word.strip() for word in text.split(",")[: blocks.MOST_FRAMES])
    return [int(word) for word in words if word.isascii() and word.isdigit() and len(word) < 19]


def _is_filled(row: Row) -> bool:
    return bool(row.get("kind"))


def _is_kept(row: Row) -> bool:
    return _is_filled(row) and not row.get("gone")


def _block(row: Row) -> Row:
    """The block of a row, its uploads stored. Raises: PictureRefused, VideoRefused."""
    kept = [] if row["drop_files"] else row["media_ids"]
    fresh = [add_media(file=file).pk for file in row["pictures"]]
    video = row["video"]
    block = {name: row[name].strip() for name in TEXTS}
    if row["kind"] == "spin":
        block["media_ids"] = [*kept, *fresh]
    else:
        block["media_id"] = next(iter([*fresh, *kept]), None)
    block["video_id"] = None if row["drop_files"] else row["video_id"]
    if video is not None:
        content = video.read()
        block["video_id"] = store_video(content, kind=Video.Kind.DETAIL, at=clock.now()).pk
    return {"kind": row["kind"], **{name: value for name, value in block.items() if value}}


def _shown(row: Row, number: str) -> Row:
    """A row as the editor draws it. Queries: 2 where it has files."""
    ids = row.get(blocks.PICTURES) or [pk for pk in [row.get(blocks.PICTURE)] if pk]
    pictures = Media.objects.in_bulk(ids) if ids else {}
    video_id = row.get("video_id")
    video = Video.objects.filter(pk=video_id).first() if video_id else None
    return {
        **{text: row.get(text, "") for text in TEXTS},
        "number": number,
        "kind": row.get("kind", ""),
        "media_ids": ",".join(str(pk) for pk in ids),
        "thumbnails": [thumbnail(pictures[pk]) for pk in ids if pk in pictures],
        "video_id": video_id or "",
        "video": video,
    }
