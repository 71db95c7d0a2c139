"""Short videos; each leads to its product, which keeps where the shopper came from (C-43)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog import presenting
from catalog.selectors import short_videos
from mall.kernel import clock
from mall.kernel.words import localized
from orders.services import Touch, source_of


@require_safe
def videos(request: HttpRequest) -> HttpResponse:
    """The feed, in the operators' order."""
    source = source_of(Touch.VIDEO)
    films = [
        {
            "title": localized(row, "title"),
            "video": presenting.video(row["video"]),
            "url": f"{reverse('storefront:product', args=[row['product_id']])}?source={source}",
        }
        for row in short_videos(clock.now())
    ]
    context = {"films": films, "breadcrumb": [{"label": _("Short videos")}]}
    return render(request, "storefront/videos.html", context)
