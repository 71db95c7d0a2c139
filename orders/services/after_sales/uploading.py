"""Pictures and videos that buyers send in, through the house's checks. Source: ATK-05, ATK-70,
C-56."""

from datetime import datetime, timedelta
from typing import IO

from catalog.models import Video
from catalog.services import add_media, store_video
from mall.kernel.errors import TooMany
from orders.errors import VideoNotWanted
from orders.models import Upload

MOST_A_DAY = 40
LONGEST_VIDEO = 10 * 1024 * 1024 + 1
MP4_MARK = slice(4, 8)
BRAND = slice(8, 12)
PICTURE_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis")


def add_upload(*, member_id: int, file: IO[bytes], purpose: str, at: datetime) -> Upload:
    """Keep one picture, or the video of a review, for its sender, who names it later.

    Call it outside transactions: it writes files. Raises: PictureRefused, VideoRefused,
    VideoNotWanted, TooMany.
    """
    day_ago = at - timedelta(days=1)
    sent = Upload.objects.filter(member_id=member_id, created_at__gt=day_ago).count()
    if sent >= MOST_A_DAY:
        raise TooMany(retry_after_seconds=3600)
    said = {"member_id": member_id, "purpose": purpose, "created_at": at}
    if not _is_video(file):
        return Upload.objects.create(media=add_media(file=file), **said)
    if purpose != Upload.Purpose.REVIEW:
        raise VideoNotWanted
    video = store_video(file.read(LONGEST_VIDEO), kind=Video.Kind.REVIEW, at=at)
    return Upload.objects.create(video=video, **said)


def _is_video(file: IO[bytes]) -> bool:
    """An MP4 by its first bytes; a phone's HEIC and an AVIF begin alike and are pictures."""
    start = file.read(BRAND.stop)
    file.seek(0)
    return start[MP4_MARK] == b"ftyp" and start[BRAND] not in PICTURE_BRANDS
