"""`python -m bench.flash.management open|close PLAN`: the mall's side in a process of its own."""

from __future__ import annotations

import json
import os
import sys

import django

from bench.flash.verdict import Plan


def main() -> None:
    """Set Django up, then do one half of the work."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mall.settings")
    django.setup()
    from bench.flash.world import close_sale, open_sale
    from mall.kernel.clock import now

    deed, plan = sys.argv[1], Plan(**json.loads(sys.argv[2]))
    at = now()
    answer = open_sale(plan, at) if deed == "open" else close_sale(at)
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
