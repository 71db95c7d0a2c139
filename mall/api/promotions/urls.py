"""Routes of promotions/: each activity's module brings its own views."""

from django.urls import path

from mall.api.promotions import coupons

urlpatterns = [
    path("coupons/", coupons.Coupons.as_view(), name="promotions-coupons"),
    path(
        "coupons/<int:coupon_id>/claim/",
        coupons.CouponClaim.as_view(),
        name="promotions-coupon-claim",
    ),
]
