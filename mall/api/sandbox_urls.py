"""/sandbox/...: the demo's stand-ins for SMS and cashier. Mounted in the demo only."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
