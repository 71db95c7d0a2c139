"""``manage.py seed_demo``: fill an empty shop with the demo; a rerun adds only what is missing."""

import time
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from mall.console.demo import (
    activities,
    arranging,
    bundling,
    caring,
    checking,
    desks,
    dropshipping,
    finishing,
    fulfilling,
    giving,
    goods,
    marketing,
    people,
    places,
    selling,
    showing,
    stocking,
    stores,
    supplying,
    voicing,
)
from mall.console.demo.seeding import Seeding, begin
from mall.kernel import clock
from mall.kernel.outbox import relay_paused
from orders.services import shelf_paused

Step = tuple[str, Callable[[Seeding], object]]

STEPS: tuple[Step, ...] = (
    ("operators", people.seed_operators),
    ("tiers", people.seed_tiers),
    ("freight templates", places.seed_freight),
    ("warehouses", places.seed_warehouses),
    ("categories", goods.seed_categories),
    ("brands", goods.seed_brands),
    ("products", goods.seed_products),
    ("stock", places.seed_stock),
    ("suppliers", supplying.seed_suppliers),
    ("purchase orders", supplying.seed_purchases),
    ("stores", stores.seed_stores),
    ("content", marketing.seed_content),
    ("coupons", marketing.seed_coupons),
    ("campaigns", marketing.seed_campaigns),
    ("members", people.seed_members),
    ("carriers' prices", fulfilling.seed_carrier_prices),
    ("orders", selling.seed_orders),
    ("segments", finishing.seed_segments),
    ("coupon dispatch", finishing.seed_dispatch),
    ("demo shoppers", finishing.seed_shoppers),
    ("activities", activities.seed_activities),
    ("giving", giving.seed_giving),
    ("packing and tasks", fulfilling.seed_floor),
    ("a pick-up in a store", stores.seed_pickup),
    ("after-sales", caring.seed_after_sales),
    ("an order to be checked", checking.seed_check),
    ("what suppliers ship", dropshipping.seed_dropshipping),
    ("desks", desks.seed_desks),
    ("stock papers", stocking.seed_papers),
    ("stock forecast", stocking.seed_forecast),
    ("restock alerts", finishing.seed_alerts),
    ("what buyers say", voicing.seed_voices),
    ("a product in full", showing.seed_showcase),
    ("pages of blocks", arranging.seed_pages),
    ("a bundle", bundling.seed_bundles),
    ("shelf", finishing.seed_shelf),
    ("daily reports", finishing.seed_reports),
)


class Command(BaseCommand):
    help = "Fill the shop with the demo mall: goods, members, and orders placed by them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--at",
            type=datetime.fromisoformat,
            help="The instant that is the demo's present (ISO 8601, with offset); default: now.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is for the demo: MALL_DEMO is not set.")
        at = options["at"] or clock.now()
        if at.tzinfo is None:
            raise CommandError("--at needs an offset, such as 2026-11-22T15:00+08:00")
        started = time.monotonic()
        seeding = begin(at, self.tell)
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit TO off")
        with relay_paused(), shelf_paused():
            for number, (title, step) in enumerate(STEPS, 1):
                self._run(f"[{number}/{len(STEPS)}] {title}", step, seeding)
        self.tell(f"seeded in {time.monotonic() - started:.1f} s")

    def tell(self, news: str) -> None:
        self.stdout.write(news)
        self.stdout.flush()

    def _run(self, title: str, step: Callable[[Seeding], object], seeding: Seeding) -> None:
        started = time.monotonic()
        outcome = step(seeding)
        self.tell(f"{title}: {outcome}, {time.monotonic() - started:.1f} s")
