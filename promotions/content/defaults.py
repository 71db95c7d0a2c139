"""The front page of a shop whose operators have not arranged one yet."""

from typing import Any

from promotions.content.blocks import Block, read_blocks


def _block(kind: str, **settings: Any) -> dict[str, Any]:
    return {"id": kind, "kind": kind, "settings": settings}


def default_home() -> list[Block]:
    """Prices that end, coupons, themes, the season, what sells and what is new, promises."""
    return read_blocks(
        [
            _block("flash"),
            _block("coupons"),
            _block("topics"),
            _block("seasonal"),
            _block("hot"),
            _block("new"),
            _block("feed"),
            _block("promises"),
        ]
    )
