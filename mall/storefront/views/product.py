"""One product: choose a SKU, see how its price is made, keep it in mind."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from catalog.selectors import product_page
from catalog.services import toggle_favourite
from mall.kernel import clock
from mall.storefront.going import go_back
from mall.storefront.goods import product_context
from mall.storefront.shopper import member_of, members_only, the_member


@require_safe
def product(request: HttpRequest, product_id: int) -> HttpResponse:
    """The page of one product on sale. Queries: 12 at most."""
    at = clock.now()
    member = member_of(request)
    page = product_page(product_id, at=at, account_id=member.account_id if member else None)
    return render(request, "storefront/product.html", product_context(request, page, member, at))


@require_POST
@members_only
def favourite(request: HttpRequest, product_id: int) -> HttpResponse:
    """Keep a product in mind, or let it go."""
    toggle_favourite(account=the_member(request).account, product_id=product_id, at=clock.now())
    return go_back(request, "product", product_id)
