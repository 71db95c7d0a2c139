"""The addresses of rehearsals below /admin/."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from mall.console.rehearsing import baskets, views


def rehearsing_urls(view: Callable[[Any], Any]) -> list[URLPattern]:
    """The pages, each behind the site's own door."""
    return [
        path("try-basket/", view(baskets.show), name="try_basket"),
        path("rehearsals/<int:rehearsal_id>/", view(views.show), name="rehearsal"),
        path("campaigns/<int:campaign_id>/rehearse/", view(views.ask), name="rehearsal_ask"),
        path(
            "campaigns/<int:campaign_id>/findings/",
            view(views.findings),
            name="campaign_findings",
        ),
        path(
            "campaigns/<int:campaign_id>/check-goods/",
            view(views.check),
            name="campaign_check_goods",
        ),
        path(
            "campaigns/<int:campaign_id>/override/",
            view(views.override),
            name="campaign_override",
        ),
    ]
