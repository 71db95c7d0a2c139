"""Addresses of the pages (design.md, section 9)."""

from django.urls import URLPattern

app_name = "storefront"
urlpatterns: list[URLPattern] = []
