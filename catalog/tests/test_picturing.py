"""Uploads become pictures, or are refused before anything is decoded (ATK-70 to ATK-72)."""

import io
import struct
import zlib

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from catalog.errors import PictureRefused
from catalog.models import Media
from catalog.presenting import image
from catalog.selectors import stored_picture
from catalog.services import add_media, picturing
from catalog.services.picturing import MAX_BYTES, Made, is_avif_worth, make_widths
from catalog.testing import make_picture_file

pytestmark = pytest.mark.django_db


def opened(name):
    with default_storage.open(name) as file:
        picture = Image.open(io.BytesIO(file.read()))
        picture.load()
        return picture


def png_header(width, height):
    """The first bytes of a PNG that claims a size; a decoder would fill memory with it."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", len(header))
        + chunk
        + struct.pack(">I", zlib.crc32(chunk))
        + struct.pack(">I", 0)
        + b"IDAT"
        + struct.pack(">I", zlib.crc32(b"IDAT"))
    )


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "WEBP"])
def test_an_upload_is_kept_as_webp_in_four_widths(image_format):
    media = add_media(file=make_picture_file(1600, 1200, image_format), alt_zh="红色")

    assert (media.width, media.height, media.widths) == (1200, 900, [800, 400, 200])
    shown = image(stored_picture(media))
    assert (shown["width"], shown["alt"]) == (1200, "红色")
    stem = media.file.name.removesuffix(".webp")
    for name, size in (("", (1200, 900)), ("-400", (400, 300)), ("-200", (200, 150))):
        picture = opened(f"{stem}{name}.webp")
        assert (picture.format, picture.size) == ("WEBP", size)


def test_a_small_picture_is_not_blown_up():
    media = add_media(file=make_picture_file(300, 300))

    assert (media.width, media.widths) == (300, [200])


def _photo(width=2200, height=1650):
    """A JPEG of over 3 MB: noise over a gradient, the hardest there is to compress."""
    noise = Image.effect_noise((width, height), 90).convert("RGB")
    shade = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    buffer = io.BytesIO()
    Image.blend(noise, shade, 0.3).save(buffer, "JPEG", quality=95, subsampling=0)
    buffer.seek(0)
    return buffer


def _files(media):
    stem, avif = media.file.name.removesuffix(".webp"), set(media.avif_widths)
    for width in (media.width, *media.widths):
        name = stem if width == media.width else f"{stem}-{width}"
        yield f"{name}.webp"
        if width in avif:
            yield f"{name}.avif"


def test_C_40_a_3_mb_jpeg_is_stored_in_files_of_204800_bytes_at_most():
    photo = _photo()
    assert 3_000_000 < len(photo.getvalue()) < MAX_BYTES

    media = add_media(file=photo)

    sizes = {name: default_storage.size(name) for name in _files(media)}
    assert len(sizes) >= 4
    assert max(sizes.values()) <= 204_800
    assert media.widths == sorted(media.widths, reverse=True)
    assert all(opened(name).format in ("WEBP", "AVIF") for name in sizes)


def test_C_40_avif_is_kept_beside_webp_where_it_is_smaller_in_all_widths_or_none():
    soft = Image.linear_gradient("L").resize((1600, 1600)).convert("RGB").rotate(30)
    buffer = io.BytesIO()
    soft.save(buffer, "JPEG", quality=95)
    buffer.seek(0)

    media = add_media(file=buffer)

    files = list(_files(media))
    webp = sum(default_storage.size(name) for name in files if name.endswith(".webp"))
    avif = sum(default_storage.size(name) for name in files if name.endswith(".avif"))
    assert media.avif_widths in ([], [media.width, *media.widths])
    assert avif <= 0.95 * webp
    shown = image(stored_picture(media))
    assert bool(shown["srcset_avif"]) == bool(media.avif_widths)


def test_C_40_where_avif_saves_nothing_there_is_none():
    versions = make_widths(Image.new("RGB", (200, 200), "red"))

    assert [(one.width, one.avif) for one in versions] == [(200, b"")]


def test_C_40_avif_of_more_than_204800_bytes_in_one_width_is_not_kept():
    small = Made(200, 160, webp=b"w" * 90_000, avif=b"a" * 20_000)
    fits = Made(1200, 960, webp=b"w" * 200_000, avif=b"a" * 204_800)
    bursts = Made(1200, 960, webp=b"w" * 200_000, avif=b"a" * 204_801)

    assert [is_avif_worth([large, small]) for large in (fits, bursts)] == [True, False]


def test_the_same_bytes_are_stored_once():
    first = add_media(file=make_picture_file(colour="#00ff00"))
    second = add_media(file=make_picture_file(colour="#00ff00"))

    assert first.pk == second.pk
    assert Media.objects.count() == 1


def test_what_a_camera_wrote_beside_the_picture_is_dropped():
    exif = Image.Exif()
    exif[0x0112] = 6  # lying on its side
    exif[0x010F] = "camera of a shopper"
    buffer = io.BytesIO()
    Image.new("RGB", (400, 200), "red").save(buffer, "JPEG", exif=exif)
    buffer.seek(0)

    media = add_media(file=buffer)

    kept = opened(media.file.name)
    assert kept.size == (200, 400)
    assert not kept.getexif()
    assert b"camera of a shopper" not in default_storage.open(media.file.name).read()


def _gif():
    return make_picture_file(image_format="GIF").getvalue()


def _tiff():
    return make_picture_file(image_format="TIFF").getvalue()


REFUSED = {
    "empty": b"",
    "text": b"<?php system($_GET['c']); ?>",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "176 megapixels in a header": png_header(13_300, 13_300),
    "two billion pixels": png_header(50_000, 50_000),
    "truncated": make_picture_file(image_format="JPEG").getvalue()[:700],
    "broken png": png_header(10, 10),
    "gif": _gif(),
    "tiff": _tiff(),
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
    "too many bytes": make_picture_file().getvalue() + b"x" * MAX_BYTES,
}


@pytest.mark.parametrize("content", REFUSED.values(), ids=REFUSED.keys())
def test_anything_else_is_refused_and_leaves_nothing(content):
    with pytest.raises(PictureRefused):
        add_media(file=io.BytesIO(content))

    assert not Media.objects.exists()


def test_a_script_behind_a_picture_does_not_survive():
    polyglot = make_picture_file(image_format="JPEG").getvalue() + b"<script>alert(1)</script>"

    media = add_media(file=io.BytesIO(polyglot))

    assert b"<script>" not in default_storage.open(media.file.name).read()


@pytest.mark.parametrize(("width", "height"), [(1, 17_000), (1_000, 17_000), (1_080, 20_000)])
def test_ATK_70_a_picture_too_high_for_any_page_is_refused_not_an_error(width, height):
    made = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(made, "PNG")

    with pytest.raises(PictureRefused):
        add_media(file=io.BytesIO(made.getvalue()))

    assert not Media.objects.exists()


def test_noise_that_never_fits_gets_narrower_in_few_tries(monkeypatch):
    tries = []
    encoded = picturing._encoded
    monkeypatch.setattr(
        picturing, "_encoded", lambda *args, **how: tries.append(how) or encoded(*args, **how)
    )

    made = make_widths(Image.effect_noise((1_200, 1_800), 120).convert("RGB"))

    assert all(len(one.webp) <= 204_800 for one in made)
    assert len(tries) <= 30
