"""Routes of /api/v1/supplier/."""

from django.urls import path

from mall.api.suppliers.reports import SubOrderReport
from mall.api.suppliers.stock import SupplierStock

urlpatterns = [
    path("stock/", SupplierStock.as_view(), name="supplier-stock"),
    path("orders/<slug:number>/shipped/", SubOrderReport.as_view(), name="sub-order-report"),
]
