"""/sandbox/...: the demo's stand-ins for SMS and cashier. Mounted in the demo only."""

from django.urls import URLPattern, URLResolver, include, path

from mall.api.auth.sandbox import last_sms

urlpatterns: list[URLPattern | URLResolver] = [
    path("sms/", last_sms, name="sandbox-sms"),
    path("cashier/", include("mall.api.sandbox")),
]
