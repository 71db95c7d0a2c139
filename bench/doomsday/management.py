"""`python -m bench.doomsday.management open|operate|close FOLDER`: the mall's side of a run."""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from pathlib import Path
from typing import Any

import django

PAUSE_SECONDS = 1.0
logger = logging.getLogger(__name__)


def main(deed: str, folder: Path) -> None:
    """Set Django up, then open the shop, sit at its desk until killed, or close its books."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mall.settings")
    django.setup()
    told = json.loads((folder / "plan.json").read_text())
    {"open": open_shop, "operate": operate, "close": close_books}[deed](folder, told)


def open_shop(folder: Path, told: dict[str, Any]) -> None:
    """FOLDER/world.json is what there is to buy, and who buys."""
    from bench.doomsday import world
    from mall.kernel import clock

    shop = world.open_shop(clock.now(), **told["size"])
    (folder / "world.json").write_text(json.dumps(shop))


def operate(_folder: Path, _told: dict[str, Any]) -> None:
    """Like every process of the mall it may die at any moment and is started again."""
    from django.db import DatabaseError, InterfaceError, connection

    from bench.doomsday import desk
    from mall.kernel import clock

    while True:
        try:
            desk.work(clock.now())
        except (DatabaseError, InterfaceError) as error:
            logger.warning("again in a moment: %s", error)
            connection.close()
        time.sleep(PAUSE_SECONDS)


def close_books(folder: Path, told: dict[str, Any]) -> None:
    """FOLDER/ours.json is what we say of everything, once nothing is left to do."""
    from bench.doomsday import world
    from bench.doomsday.journal import read
    from mall.kernel import clock

    entries = read(folder / "book.jsonl")
    paid = {entry["payment_no"] for entry in entries if entry["kind"] == "paid"}
    drained = world.drain(paid, told["drain_seconds"], clock.now)
    (folder / "ours.json").write_text(json.dumps({"drained": drained, **world.books()}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
