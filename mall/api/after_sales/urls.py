"""Routes of after-sales/; those below an order stand with the orders."""

from django.urls import path

from mall.api.after_sales.views import AfterSales, CancelAfterSale, OneAfterSale, ReturnParcel

urlpatterns = [
    path("", AfterSales.as_view(), name="after-sales"),
    path("<slug:number>/", OneAfterSale.as_view(), name="after-sale"),
    path("<slug:number>/cancel/", CancelAfterSale.as_view(), name="after-sale-cancel"),
    path("<slug:number>/return-parcel/", ReturnParcel.as_view(), name="after-sale-parcel"),
]
