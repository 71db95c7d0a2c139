"""Routes of promotions/: each activity's module brings its own views."""

from django.urls import path

from mall.api.promotions import coupons, lotteries, packets, presales

urlpatterns = [
    path("coupons/", coupons.Coupons.as_view(), name="promotions-coupons"),
    path(
        "coupons/<int:coupon_id>/claim/",
        coupons.CouponClaim.as_view(),
        name="promotions-coupon-claim",
    ),
    path("presales/", presales.Presales.as_view(), name="promotions-presales"),
    path("red-packets/<str:code>/", packets.RedPacketView.as_view(), name="promotions-red-packet"),
    path(
        "red-packets/<str:code>/claims/",
        packets.RedPacketClaims.as_view(),
        name="promotions-red-packet-claims",
    ),
    path(
        "lotteries/<int:lottery_id>/",
        lotteries.LotteryView.as_view(),
        name="promotions-lottery",
    ),
    path(
        "lotteries/<int:lottery_id>/draws/",
        lotteries.LotteryDraws.as_view(),
        name="promotions-lottery-draws",
    ),
]
