"""Routes of me/; other apps' rooms of a member bring their own lists."""

from django.urls import path

from mall.api.me.addresses import Addresses, OneAddress
from mall.api.me.inbox import Notifications, NotificationsRead
from mall.api.me.kept import Favourites, History, OneFavourite, OneView
from mall.api.me.points import CheckIns, Points
from mall.api.me.profile import Me
from mall.api.me.sessions import OneSession, Sessions
from mall.api.me.tier import MyTier
from mall.api.me.verifying import MyAuthenticator, MyPhone, Verifications
from mall.api.me.wallet import MyWallet, WalletEntries, Withdrawals
from mall.api.me.watches import OneWatch, Watches
from mall.api.orders import Reorder
from mall.api.promotions.coupons import MyCoupons

urlpatterns = [
    path("", Me.as_view(), name="me"),
    path("addresses/", Addresses.as_view(), name="me-addresses"),
    path("addresses/<int:address_id>/", OneAddress.as_view(), name="me-address"),
    path("reorder/<slug:number>/", Reorder.as_view(), name="me-reorder"),
    path("points/", Points.as_view(), name="me-points"),
    path("check-ins/", CheckIns.as_view(), name="me-check-ins"),
    path("coupons/", MyCoupons.as_view(), name="me-coupons"),
    path("wallet/", MyWallet.as_view(), name="me-wallet"),
    path("wallet/entries/", WalletEntries.as_view(), name="me-wallet-entries"),
    path("wallet/withdrawals/", Withdrawals.as_view(), name="me-wallet-withdrawals"),
    path("tier/", MyTier.as_view(), name="me-tier"),
    path("favourites/", Favourites.as_view(), name="me-favourites"),
    path("favourites/<int:product_id>/", OneFavourite.as_view(), name="me-favourite"),
    path("history/", History.as_view(), name="me-history"),
    path("history/<int:product_id>/", OneView.as_view(), name="me-view"),
    path("watches/", Watches.as_view(), name="me-watches"),
    path("watches/<int:sku_id>/", OneWatch.as_view(), name="me-watch"),
    path("notifications/", Notifications.as_view(), name="me-notifications"),
    path("notifications/read/", NotificationsRead.as_view(), name="me-notifications-read"),
    path("verifications/", Verifications.as_view(), name="me-verifications"),
    path("phone/", MyPhone.as_view(), name="me-phone"),
    path("authenticator/", MyAuthenticator.as_view(), name="me-authenticator"),
    path("sessions/", Sessions.as_view(), name="me-sessions"),
    path("sessions/<uuid:session_id>/", OneSession.as_view(), name="me-session"),
]
