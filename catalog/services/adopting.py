"""Pictures that were prepared elsewhere: WebP in all their widths, trusted and copied as they are.

Uploads of strangers go through ``add_media``, which trusts nothing. Source: requirement C-19.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from catalog.models import Media


def adopt_pictures(*, folder: Path, names: Iterable[str]) -> dict[str, Media]:
    """Store ``<name>.webp`` with its ``<name>-<width>.webp``; returns the pictures by name.

    Files are named by their content, so a picture that is there is found again, and one that was
    copied in half is copied anew. Writes files: call it outside transactions. Queries: 3.
    """
    read = {name: (folder / f"{name}.webp").read_bytes() for name in sorted(set(names))}
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in read.items()}
    known = set(Media.objects.filter(sha256__in=digests.values()).values_list("sha256", flat=True))
    fresh = {digests[name]: name for name in read if digests[name] not in known}
    Media.objects.bulk_create(
        [_adopt(folder, name, digest) for digest, name in fresh.items()], ignore_conflicts=True
    )
    stored = {media.sha256: media for media in Media.objects.filter(sha256__in=digests.values())}
    return {name: stored[digest] for name, digest in digests.items()}


def adopt_file(*, path: Path, name: str) -> str:
    """Store one small file, such as an icon, under ``name``; returns the name."""
    _copy(path, name)
    return name


def _adopt(folder: Path, name: str, digest: str) -> Media:
    """Copy every width; returns the row to be."""
    widest = folder / f"{name}.webp"
    width, height = _size(widest)
    smaller = {
        narrow: path
        for path in folder.glob(f"{name}-[0-9]*.webp")
        if path.stem == f"{name}-{(narrow := _size(path)[0])}" and narrow < width
    }
    stem = f"pictures/adopted/{digest[:24]}"
    _copy(widest, f"{stem}.webp")
    for narrow, path in smaller.items():
        _copy(path, f"{stem}-{narrow}.webp")
    return Media(
        file=f"{stem}.webp",
        sha256=digest,
        width=width,
        height=height,
        widths=sorted(smaller, reverse=True),
    )


def _size(path: Path) -> tuple[int, int]:
    with Image.open(path) as picture:
        return picture.size


def _copy(source: Path, name: str) -> None:
    if default_storage.exists(name):
        if default_storage.size(name) == source.stat().st_size:
            return
        default_storage.delete(name)
    default_storage.save(name, ContentFile(source.read_bytes()))
