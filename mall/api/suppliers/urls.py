"""Routes of /api/v1/supplier/."""

from django.urls import path

from mall.api.suppliers.answers import SupplierAfterSales, SupplierAnswer
from mall.api.suppliers.reports import SubOrderReport
from mall.api.suppliers.stock import SupplierStock

urlpatterns = [
    path("stock/", SupplierStock.as_view(), name="supplier-stock"),
    path("orders/<slug:number>/shipped/", SubOrderReport.as_view(), name="sub-order-report"),
    path("after-sales/", SupplierAfterSales.as_view(), name="supplier-after-sales"),
    path("after-sales/<slug:number>/answer/", SupplierAnswer.as_view(), name="supplier-answer"),
]
