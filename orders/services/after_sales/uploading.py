"""Pictures that buyers send in, through the house's picture checks. Source: ATK-05, ATK-70."""

from datetime import datetime, timedelta
from typing import IO

from catalog.services import add_media
from mall.kernel.errors import TooMany
from orders.models import Upload

MOST_A_DAY = 40


def add_upload(*, member_id: int, file: IO[bytes], purpose: str, at: datetime) -> Upload:
    """Keep one picture for its sender, who names it in a case later.

    Call it outside transactions: it writes files. Raises: PictureRefused, TooMany.
    """
    day_ago = at - timedelta(days=1)
    sent = Upload.objects.filter(member_id=member_id, created_at__gt=day_ago).count()
    if sent >= MOST_A_DAY:
        raise TooMany(retry_after_seconds=3600)
    media = add_media(file=file)
    return Upload.objects.create(member_id=member_id, media=media, purpose=purpose, created_at=at)
