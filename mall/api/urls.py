"""Routes of /api/v1/: each resource module brings its own list."""

from django.urls import URLPattern, URLResolver, include, path

from mall.api.regions import Regions

urlpatterns: list[URLPattern | URLResolver] = [
    path("auth/", include("mall.api.auth.urls")),
    path("me/", include("mall.api.me.urls")),
    path("catalog/regions/", Regions.as_view(), name="regions"),
    path("catalog/", include("mall.api.catalog.urls")),
]
