"""Videos are held to the rules of their place before anything is kept (C-41, C-42, C-43)."""

import pytest
from django.core.files.storage import default_storage
from django.utils import translation

from catalog.errors import VideoLengthRefused, VideoRefused, VideoTooLarge, VideoTooWide
from catalog.films import film
from catalog.models import PublishingPolicy, Video
from catalog.services import store_video
from catalog.services.filming import MAX_BYTES
from catalog.testing import AT, make_media

pytestmark = pytest.mark.django_db
Kind = Video.Kind


def test_C_41_a_main_video_of_8_and_of_31_seconds_is_refused_and_15_is_taken():
    for seconds in (8, 31):
        with pytest.raises(VideoLengthRefused) as refusal:
            store_video(film(seconds), kind=Kind.MAIN, at=AT)
        assert refusal.value.facts == {"seconds": str(seconds), "least": 9, "most": 30}
    assert not Video.objects.exists()

    video = store_video(film(15), kind=Kind.MAIN, at=AT)

    assert (video.duration_ms, video.width, video.height, video.codec) == (15_000, 64, 36, "av1")
    assert default_storage.open(video.file.name).read() == film(15)


def test_C_41_how_long_a_main_video_lasts_is_the_shops_to_say():
    PublishingPolicy.objects.update(main_least_seconds=10, main_most_seconds=12)

    with pytest.raises(VideoLengthRefused) as refusal:
        store_video(film(9), kind=Kind.MAIN, at=AT)

    assert refusal.value.facts == {"seconds": "9", "least": 10, "most": 12}
    assert store_video(film(9), kind=Kind.REVIEW, at=AT).duration_ms == 9_000


@pytest.mark.parametrize("seconds", [9, 30])
def test_C_41_the_ends_of_the_range_are_in_it(seconds):
    assert store_video(film(seconds), kind=Kind.MAIN, at=AT).duration_ms == seconds * 1000


def test_C_42_a_detail_video_in_4k_or_of_40_seconds_is_refused_with_the_reason():
    with translation.override("en"):
        with pytest.raises(VideoTooWide) as wide:
            store_video(film(10, 3840, 2160), kind=Kind.DETAIL, at=AT)
        with pytest.raises(VideoLengthRefused) as long:
            store_video(film(40, 1280, 720), kind=Kind.DETAIL, at=AT)
        assert str(wide.value) == "This video is 3840 x 2160; at most 1920 x 1080 is taken."
        assert str(long.value) == "This video lasts 40 seconds; here it must last 1 to 30."
    assert not Video.objects.exists()


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1080, 1920)])
def test_C_42_1080p_is_taken_lying_and_standing(width, height):
    video = store_video(film(30, width, height), kind=Kind.DETAIL, at=AT)

    assert (video.width, video.height) == (width, height)


def test_C_43_a_short_video_lasts_about_15_seconds():
    assert store_video(film(15), kind=Kind.SHORT, at=AT).kind == Kind.SHORT
    with pytest.raises(VideoLengthRefused):
        store_video(film(25), kind=Kind.SHORT, at=AT)


def test_the_same_bytes_are_one_video_a_kind_and_take_a_new_poster():
    first = store_video(film(15), kind=Kind.MAIN, at=AT)
    again = store_video(film(15), kind=Kind.MAIN, at=AT, poster=make_media())
    other = store_video(film(15), kind=Kind.DETAIL, at=AT)

    assert first.pk == again.pk != other.pk
    assert again.poster is not None


HOSTILE = {
    "nothing": b"",
    "text": b"<script>alert(1)</script>",
    "a picture's sequence": b"\0\0\0\x1cftypavis" + bytes(40),
    "head only": film(15)[:28],
    "cut in the middle of its index": film(15)[:300],
    "a codec browsers do not play": film(15, codec=b"mp4v"),
    "a script behind ftyp": b"\0\0\0\x18ftypisom<script>alert(1)</script>",
    "boxes of no size": b"\0\0\0\x18ftypisom\0\0\2\0isommp41" + b"\0\0\0\0moov" * 50,
    "a box larger than the file": b"\0\0\0\x18ftypisom\0\0\2\0isommp41\xff\xff\xff\xffmoov",
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_anything_else_is_refused_and_leaves_nothing(data):
    with pytest.raises(VideoRefused):
        store_video(data, kind=Kind.MAIN, at=AT)

    assert not Video.objects.exists()


def test_too_many_bytes_are_refused_before_they_are_read():
    with pytest.raises(VideoTooLarge):
        store_video(film(15) + bytes(MAX_BYTES), kind=Kind.MAIN, at=AT)
