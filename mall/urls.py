"""All addresses of the house: API and health without language prefix, pages with one for English."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("mall.api.urls")),
    path("admin/", admin.site.urls),
]
