"""What led a shopper to a line: a card of a live stream, a page of content, a share. Pure.

Links carry it as ``?source=live:12``; it stays with the cart line and with the order line. Source:
O-55.
"""

import re
from enum import StrEnum


class Touch(StrEnum):
    """The kinds of places that lead to goods."""

    LIVE = "live"
    CONTENT = "content"
    RELATED = "related"
    SEARCH = "search"
    RECOMMENDATION = "recommendation"
    SHARE = "share"
    GROUP = "group"
    AD = "ad"
    STORE = "store"
    VIDEO = "video"


SHAPE = re.compile(rf"(?:{'|'.join(Touch)})(?::[0-9A-Za-z_-]{{1,40}})?", re.ASCII)


def clean_source(text: str | None) -> str:
    """The source that a link names; nothing for what is not well formed."""
    return text if text and SHAPE.fullmatch(text) else ""


def source_of(kind: Touch, identity: object = "") -> str:
    """A source as links carry it: live:12."""
    return f"{kind.value}:{identity}" if identity else kind.value


def kind_of(source: str) -> str:
    """The kind of a source, empty for a shopper who came by themselves."""
    return source.partition(":")[0]
