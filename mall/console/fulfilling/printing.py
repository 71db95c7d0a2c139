"""Lists on paper: what is fetched from the shelves, what goes into each box. Source: O-17."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from mall.kernel import clock
from mall.kernel.words import localized
from orders import selectors
from orders.models import PickList
from orders.selectors import Box, Goods

SEE = ("orders.view_picklist", "orders.view_order")


@require_safe
@permission_required(SEE, raise_exception=True)
def picks(request: HttpRequest, list_id: int) -> HttpResponse:
    """One sheet: every SKU with the pieces of all orders. Queries: 5 of its own."""
    pick_list, boxes = _contents(list_id)
    context = {
        **_head(pick_list),
        "goods": [_goods(one) for one in selectors.summed(boxes)],
        "boxes": boxes,
        "pieces": sum(box.pieces for box in boxes),
    }
    return TemplateResponse(request, "admin/print_picks.html", context)


@require_safe
@permission_required(SEE, raise_exception=True)
def packs(request: HttpRequest, list_id: int) -> HttpResponse:
    """One sheet an order, to be laid into its box. Queries: 5 of its own."""
    pick_list, boxes = _contents(list_id)
    sheets = [{"box": box, "goods": [_goods(one) for one in box.goods]} for box in boxes]
    context = {**_head(pick_list), "sheets": sheets}
    return TemplateResponse(request, "admin/print_packs.html", context)


def _contents(list_id: int) -> tuple[PickList, list[Box]]:
    lists = PickList.objects.select_related("warehouse", "made_by")
    pick_list = get_object_or_404(lists, pk=list_id)
    return pick_list, selectors.boxes_of(selectors.orders_on(pick_list), pick_list.warehouse_id)


def _head(pick_list: PickList) -> dict[str, Any]:
    return {
        "list": pick_list,
        "warehouse": localized(pick_list.warehouse, "title"),
        "at": clock.now(),
    }


def _goods(one: Goods) -> dict[str, Any]:
    options = " / ".join(localized(option, "value") for option in one.options)
    return {
        "sku_code": one.sku_code,
        "title": localized(one, "title"),
        "options": options,
        "pieces": one.pieces,
    }
