"""Routes of /api/v1/: each resource module brings its own list."""

from django.urls import URLPattern, URLResolver, include, path

from mall.api.after_sales.views import Uploads
from mall.api.regions import Regions

urlpatterns: list[URLPattern | URLResolver] = [
    path("auth/", include("mall.api.auth.urls")),
    path("me/", include("mall.api.me.urls")),
    path("catalog/regions/", Regions.as_view(), name="regions"),
    path("catalog/", include("mall.api.catalog.urls")),
    path("carriers/", include("mall.api.carriers")),
    path("cart/", include("mall.api.cart")),
    path("checkout/", include("mall.api.checkout")),
    path("orders/", include("mall.api.orders")),
    path("stores/", include("mall.api.stores")),
    path("after-sales/", include("mall.api.after_sales.urls")),
    path("uploads/", Uploads.as_view(), name="uploads"),
    path("payments/", include("mall.api.payments")),
    path("supplier/", include("mall.api.suppliers.urls")),
    path("promotions/", include("mall.api.promotions.urls")),
    path("", include("mall.api.content")),
    path("", include("mall.api.shares")),
]
