"""`python -m bench.placing.management open|close|look|import PLAN WORLD`: the mall's side."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import django

from bench.placing.plan import Plan


def main() -> None:
    """Set Django up, then do one part of the work; the world is kept in a file."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mall.settings")
    django.setup()
    from django.conf import settings

    from bench.placing.anatomy import anatomy
    from bench.placing.shipload import bring_in_goods
    from bench.placing.world import close_shop, open_shop
    from mall.kernel.clock import now

    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    deed, plan, kept = sys.argv[1], Plan(**json.loads(sys.argv[2])), Path(sys.argv[3])
    if deed == "open":
        kept.write_text(json.dumps(open_shop(plan, now())))
        return
    if deed == "import":
        bring_in_goods(plan, kept.parent, now())
        return
    world = json.loads(kept.read_text())
    answer = anatomy(plan, world) if deed == "look" else close_shop(world)
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
