"""/sandbox/...: the demo's stand-ins for SMS and cashier. Mounted in the demo only."""

from django.urls import URLPattern, path

from mall.api.auth.sandbox import last_sms

urlpatterns: list[URLPattern] = [
    path("sms/", last_sms, name="sandbox-sms"),
]
