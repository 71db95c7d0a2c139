"""Addresses of the pages of fulfilment."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from mall.console.fulfilling import exporting, parcels, printing, queue, reports


def fulfilling_urls(view: Callable[..., Any]) -> list[URLPattern]:
    """What the site mounts; ``view`` lets operators in only."""
    return [
        path("packing/", view(queue.show), name="packing"),
        path("packing/list/", view(queue.make_list), name="packing_list"),
        path("packing/done/", view(queue.mark), name="packing_done"),
        path("pick-lists/<int:list_id>/picks/", view(printing.picks), name="print_picks"),
        path("pick-lists/<int:list_id>/packs/", view(printing.packs), name="print_packs"),
        path("parcels-file/", view(parcels.upload), name="parcels_file"),
        path("lead-times/", view(reports.show_lead_times), name="lead_times"),
        path("carrier-ratings/", view(reports.show_ratings), name="carrier_ratings"),
        path("orders-export/", view(exporting.export), name="orders_export"),
    ]
