"""Prepared pictures are copied as they are, each once, whatever a crash left behind."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from catalog.models import Media
from catalog.services import adopt_file, adopt_pictures

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def prepare(folder, name, *widths, colour="#c8102e"):
    for width in widths:
        suffix = "" if width == widths[0] else f"-{width}"
        Image.new("RGB", (width, width), colour).save(
            folder / f"{name}{suffix}.webp", lossless=True
        )


def test_every_width_is_copied_and_named_by_content(tmp_path):
    prepare(tmp_path, "tea", 800, 400, 200)

    media = adopt_pictures(folder=tmp_path, names=["tea"])["tea"]

    assert (media.width, media.height, media.widths) == (800, 800, [400, 200])
    for suffix in ("", "-400", "-200"):
        stored = media.file.name.replace(".webp", f"{suffix}.webp")
        with default_storage.open(stored) as copy:
            assert copy.read() == (tmp_path / f"tea{suffix}.webp").read_bytes()


def test_a_second_view_is_a_picture_of_its_own(tmp_path):
    prepare(tmp_path, "tea", 300, 100)
    prepare(tmp_path, "tea-2", 300, 100, colour="#104e8b")

    found = adopt_pictures(folder=tmp_path, names=["tea", "tea-2"])

    assert found["tea"].pk != found["tea-2"].pk
    assert found["tea"].widths == [100]


def test_a_rerun_stores_nothing_and_mends_half_a_copy(tmp_path):
    prepare(tmp_path, "tea", 300, 100)
    path = adopt_pictures(folder=tmp_path, names=["tea"])["tea"].file.name
    Media.objects.all().delete()
    default_storage.delete(path)
    default_storage.save(path, ContentFile(b"half"))

    first = adopt_pictures(folder=tmp_path, names=["tea"])["tea"]
    second = adopt_pictures(folder=tmp_path, names=["tea"])["tea"]

    assert first == second
    assert first.file.name == path
    assert default_storage.size(path) == (tmp_path / "tea.webp").stat().st_size
    assert Media.objects.count() == 1


def test_a_small_file_keeps_its_name(tmp_path):
    prepare(tmp_path, "icon", 112)

    for _time in range(2):
        assert adopt_file(path=tmp_path / "icon.webp", name="icons/tea.webp") == "icons/tea.webp"

    assert default_storage.listdir("icons") == ([], ["tea.webp"])
