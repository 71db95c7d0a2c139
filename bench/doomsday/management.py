"""`python -m bench.doomsday.management open|close FOLDER`: the mall's side of a run."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import django


def main(deed: str, folder: Path) -> None:
    """Set Django up, then do one half of the work; the answer is a file of the folder."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mall.settings")
    django.setup()
    from bench.doomsday import world
    from bench.doomsday.journal import read
    from mall.kernel import clock

    told = json.loads((folder / "plan.json").read_text())
    if deed == "open":
        shop = world.open_shop(clock.now(), **told["size"])
        (folder / "world.json").write_text(json.dumps(shop))
        return
    entries = read(folder / "book.jsonl")
    paid = {entry["payment_no"] for entry in entries if entry["kind"] == "paid"}
    drained = world.drain(paid, told["drain_seconds"])
    (folder / "ours.json").write_text(json.dumps({"drained": drained, **world.books()}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
