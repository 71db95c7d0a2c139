"""Uploads become videos: read by MediaInfo, held to the rules of their place, stored as they are.

Source: requirements C-41 (main, 9 to 30 seconds), C-42 (detail, 30 seconds and 1080p at most),
C-43 (short, about 15 seconds).
"""

import dataclasses
import hashlib
import io
import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image
from pymediainfo import MediaInfo

from catalog.errors import VideoLengthRefused, VideoRefused, VideoTooLarge, VideoTooWide
from catalog.films import film_of
from catalog.models import Media, Video
from catalog.services.screening_texts import Text, check_texts, screen_texts
from catalog.services.submitting import publishing_policy
from mall.kernel import audit
from mall.kernel.words import label_of

MAX_BYTES = 10 * 1024 * 1024
"""What the proxy lets through is a little more (deploy/nginx.conf)."""
CONTAINER = "MPEG-4"
CODECS = {"AVC": "h264", "HEVC": "h265", "AV1": "av1"}
"""As MediaInfo calls what browsers play, and what it is called here."""
LONG_SIDE, SHORT_SIDE = 1920, 1080
FRAME = 480
"""The side of a frame that is made of a picture."""
MOST_TRACKS = 2
"""A picture and a sound."""
SECOND = 1000
TITLES = ("title_zh", "title_en")


@dataclasses.dataclass(frozen=True, slots=True)
class Rule:
    """How long a video of one kind lasts. Units: ms."""

    least_ms: int
    most_ms: int

    @property
    def seconds(self) -> dict[str, int]:
        """Both for words of a form."""
        return {"least": self.least_ms // SECOND, "most": self.most_ms // SECOND}


Kind = Video.Kind
OF_A_REVIEW = Rule(1 * SECOND, 30 * SECOND)


@dataclasses.dataclass(frozen=True, slots=True)
class Reel:
    """What MediaInfo read of a file."""

    codec: str
    duration_ms: int
    width: int
    height: int


def store_video(
    data: bytes,
    *,
    kind: str,
    at: datetime,
    poster: Media | None = None,
    title_zh: str = "",
    title_en: str = "",
) -> Video:
    """Keep a video; the same bytes of one kind only once (then its poster may be a new one).

    Nothing is converted and no name of the sender is kept. Raises: VideoRefused with a code of its
    own (too large, too long or short, too wide, not an MP4 a browser plays) before anything is
    written. Writes a file, so it is called outside transactions.
    """
    reel = read_video(data)
    check_video(reel, kind)
    digest = hashlib.sha256(data).hexdigest()
    known = Video.objects.filter(sha256=digest, kind=kind).first()
    if known is not None:
        return _with_poster(known, poster)
    token = secrets.token_hex(12)
    name = default_storage.save(f"videos/{token[:2]}/{token}.mp4", ContentFile(data))
    video, _made = Video.objects.get_or_create(
        sha256=digest,
        kind=kind,
        defaults={
            **dataclasses.asdict(reel),
            "file": name,
            "size_bytes": len(data),
            "poster": poster,
            "title_zh": title_zh,
            "title_en": title_en,
            "added_at": at,
        },
    )
    return video


def film_pictures(pictures: Sequence[Media], seconds: float) -> bytes:
    """A film without a camera: stored pictures one after the other, twice. Queries: 0."""
    frames = []
    for picture in pictures:
        with picture.file.open() as file, Image.open(file) as image:
            frames.append(image.convert("RGB").resize((FRAME, FRAME)))
    return film_of(frames * 2, seconds)


@transaction.atomic
def save_video(
    *, video: Video, values: Mapping[str, Any], at: datetime, actor: Any = None
) -> Video:
    """Write what people say of a video: its words, its poster, that it shows the goods (C-41).

    Raises: TextsRefused for new words that shoppers may not read.
    """
    titles = {
        name: text for name in TITLES if (text := values.get(name)) and text != getattr(video, name)
    }
    texts = [Text(label_of(video, name), text, is_title=True) for name, text in titles.items()]
    check_texts(next(iter(titles.values()), ""), screen_texts(texts))
    before = {name: str(getattr(video, name)) for name in values}
    for name, value in values.items():
        setattr(video, name, value)
    video.save(update_fields=list(values))
    audit.record(
        actor=actor,
        verb="catalog.save_video",
        target=video,
        at=at,
        before=before,
        after={name: str(value) for name, value in values.items()},
    )
    return video


def set_poster(*, video: Video, poster: Media) -> Video:
    """Show another picture until the video plays."""
    return _with_poster(video, poster)


def read_video(data: bytes) -> Reel:
    """What a file holds. Raises: VideoTooLarge, VideoRefused."""
    if len(data) > MAX_BYTES:
        raise VideoTooLarge(most_mb=MAX_BYTES // 1024 // 1024)
    if data[4:8] != b"ftyp":
        raise VideoRefused
    found = MediaInfo.parse(io.BytesIO(data))
    assert isinstance(found, MediaInfo)
    general, *tracks = found.tracks
    pictures = [track for track in tracks if track.track_type == "Video"]
    if general.format != CONTAINER or len(pictures) != 1 or len(tracks) > MOST_TRACKS:
        raise VideoRefused
    return _reel(pictures[0])


def video_rule(kind: str) -> Rule:
    """How long a video of this kind lasts, as the shop says of its own. Queries: 1."""
    policy = publishing_policy()
    lengths = {
        Kind.MAIN: (policy.main_least_seconds, policy.main_most_seconds),
        Kind.DETAIL: (1, policy.detail_most_seconds),
        Kind.SHORT: (policy.short_least_seconds, policy.short_most_seconds),
    }
    found = lengths.get(Kind(kind))
    return Rule(*(seconds * SECOND for seconds in found)) if found else OF_A_REVIEW


def check_video(reel: Reel, kind: str) -> None:
    """Raises: VideoLengthRefused, VideoTooWide. Queries: 1."""
    rule = video_rule(kind)
    if not rule.least_ms <= reel.duration_ms <= rule.most_ms:
        raise VideoLengthRefused(
            seconds=_seconds(reel.duration_ms),
            **rule.seconds,
        )
    short_side, long_side = sorted((reel.width, reel.height))
    if long_side > LONG_SIDE or short_side > SHORT_SIDE:
        raise VideoTooWide(width=reel.width, height=reel.height)


def _reel(track: Any) -> Reel:
    """Raises: VideoRefused for a codec that browsers do not play, or figures that make no sense."""
    figures = list(_figures(track))
    codec = CODECS.get(track.format)
    if codec is None or not all(0 < figure < 1 << 31 for figure in figures):
        raise VideoRefused
    return Reel(codec, *figures)


def _figures(track: Any) -> Iterator[int]:
    for name in ("duration", "width", "height"):
        try:
            yield int(float(getattr(track, name) or 0))
        except (TypeError, ValueError, OverflowError) as error:
            raise VideoRefused from error


def _seconds(duration_ms: int) -> str:
    whole, rest = divmod(duration_ms, SECOND)
    return f"{whole}.{rest // 100}" if rest >= 100 else str(whole)


def _with_poster(video: Video, poster: Media | None) -> Video:
    if poster is not None and video.poster_id != poster.pk:
        video.poster = poster
        video.save(update_fields=["poster"])
    return video
