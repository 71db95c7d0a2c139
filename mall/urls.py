"""All addresses of the house. Pages have no language prefix in Chinese and /en/ in English; the
rest has none."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView
from django.views.static import serve
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from mall.health import healthz
from mall.storefront.views import sitemaps
from mall.storefront.views.brand import brand_css

handler400 = "mall.errors.bad_request"
handler403 = "mall.errors.forbidden"
handler404 = "mall.errors.not_found"
handler500 = "mall.errors.crashed"

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("api/v1/", include("mall.api.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerView.as_view(url_name="schema"), name="docs"),
    path("admin/", admin.site.urls),
    path("brand-<slug:digest>.css", brand_css, name="brand_css"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-pages.xml", sitemaps.pages, name="sitemap_pages"),
    path("sitemap-products-<int:block>.xml", sitemaps.products, name="sitemap_products"),
    path("favicon.ico", RedirectView.as_view(url="/static/img/logo.svg", permanent=True)),
]
if settings.DEMO:
    urlpatterns += [
        path("sandbox/", include("mall.api.sandbox_urls")),
        re_path(r"^media/(?P<path>.*)$", serve, {"document_root": settings.MEDIA_ROOT}),
    ]
urlpatterns += i18n_patterns(
    path("", include("mall.storefront.urls")), prefix_default_language=False
)
