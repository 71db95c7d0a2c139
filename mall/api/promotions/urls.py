"""Routes of promotions/: each activity's module brings its own views."""

from django.urls import path

from mall.api.promotions import bargains, coupons, flashes, groups, lotteries, packets, presales

urlpatterns = [
    path("coupons/", coupons.Coupons.as_view(), name="promotions-coupons"),
    path(
        "coupons/<int:coupon_id>/claim/",
        coupons.CouponClaim.as_view(),
        name="promotions-coupon-claim",
    ),
    path("coupons/redeem/", coupons.CouponRedeem.as_view(), name="promotions-coupon-redeem"),
    path("shares/", coupons.Shares.as_view(), name="promotions-shares"),
    path(
        "shares/<slug:token>/visits/",
        coupons.ShareVisits.as_view(),
        name="promotions-share-visits",
    ),
    path("flash-sales/", flashes.FlashSales.as_view(), name="promotions-flash-sales"),
    path(
        "flash-sales/<int:campaign_id>/reminders/",
        flashes.FlashReminders.as_view(),
        name="promotions-flash-reminders",
    ),
    path("presales/", presales.Presales.as_view(), name="promotions-presales"),
    path("red-packets/<slug:code>/", packets.RedPacketView.as_view(), name="promotions-red-packet"),
    path(
        "red-packets/<slug:code>/claims/",
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
    path("group-buys/", groups.GroupBuys.as_view(), name="promotions-group-buys"),
    path(
        "group-buys/<int:campaign_id>/teams/", groups.Teams.as_view(), name="promotions-open-teams"
    ),
    path("teams/<slug:number>/", groups.TeamView.as_view(), name="promotions-team"),
    path("bargains/", bargains.Bargains.as_view(), name="promotions-bargains"),
    path(
        "bargains/<int:campaign_id>/starts/",
        bargains.BargainStarts.as_view(),
        name="promotions-bargain-start",
    ),
    path("bargain-starts/", bargains.MyBargains.as_view(), name="promotions-my-bargains"),
    path(
        "bargain-starts/<slug:number>/", bargains.BargainView.as_view(), name="promotions-bargain"
    ),
    path(
        "bargain-starts/<slug:number>/helps/",
        bargains.BargainHelps.as_view(),
        name="promotions-bargain-helps",
    ),
]
