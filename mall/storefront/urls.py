"""Addresses of the pages (design.md, section 9). Their names are the contract of docs/pages.md."""

from django.urls import URLPattern, path

from mall.storefront import converters
from mall.storefront.views import (
    account,
    addresses,
    bargains,
    cart,
    charity,
    checkout,
    coupons,
    flashes,
    groups,
    help,
    home,
    listing,
    lottery,
    me,
    orders,
    packets,
    paying,
    preferences,
    presales,
    product,
    search,
    wallet,
)

converters.register()

app_name = "storefront"
SHELF: list[URLPattern] = [
    path("", home.home, name="home"),
    path("categories/", home.categories, name="categories"),
    path("category/<slug:slug>/", listing.category, name="category"),
    path("brand/<slug:slug>/", listing.brand, name="brand"),
    path("search/", search.search, name="search"),
    path("product/<id:product_id>/", product.product, name="product"),
    path("product/<id:product_id>/favourite/", product.favourite, name="favourite"),
    path("coupons/", coupons.coupons, name="coupons"),
    path("flash/", flashes.flashes, name="flashes"),
    path("flash/<id:campaign_id>/reminder/", flashes.flash_reminder, name="flash_reminder"),
    path("group/", groups.groups, name="groups"),
    path("group/team/<number:number>/", groups.team, name="team"),
    path("bargain/", bargains.bargains, name="bargains"),
    path("bargain/start/", bargains.bargain_start, name="bargain_start"),
    path("bargain/<number:number>/", bargains.bargain, name="bargain"),
    path("bargain/<number:number>/help/", bargains.bargain_help, name="bargain_help"),
    path("presale/", presales.presales, name="presales"),
    path("coupons/<id:coupon_id>/claim/", coupons.coupon_claim, name="coupon_claim"),
    path("coupons/redeem/", coupons.coupon_redeem, name="coupon_redeem"),
    path("coupons/share/", coupons.coupon_share, name="coupon_share"),
    path("share/<slug:token>/", coupons.share, name="share"),
    path("packet/<number:code>/", packets.packet, name="packet"),
    path("packet/<number:code>/claim/", packets.packet_claim, name="packet_claim"),
    path("lottery/<id:lottery_id>/", lottery.lottery, name="lottery"),
    path("lottery/<id:lottery_id>/draw/", lottery.lottery_draw, name="lottery_draw"),
    path("charity/", charity.charity, name="charity"),
    path("help/<slug:slug>/", help.help_text, name="help"),
    path("theme/", preferences.theme, name="theme"),
]
DEAL: list[URLPattern] = [
    path("cart/", cart.cart, name="cart"),
    path("cart/add/", cart.cart_add, name="cart_add"),
    path("cart/selection/", cart.cart_selection, name="cart_selection"),
    path("cart/lines/<id:line_id>/", cart.cart_line, name="cart_line"),
    path("checkout/", checkout.checkout, name="checkout"),
    path("orders/", orders.orders, name="orders"),
    path("orders/<number:number>/", orders.order, name="order"),
    path("orders/<number:number>/pay/", paying.order_pay, name="order_pay"),
    path("orders/<number:number>/cancel/", orders.order_cancel, name="order_cancel"),
    path("orders/<number:number>/confirm/", orders.order_confirm, name="order_confirm"),
    path("orders/<number:number>/hide/", orders.order_hide, name="order_hide"),
    path(
        "orders/<number:number>/lines/<id:line_id>/review/",
        orders.order_review,
        name="order_review",
    ),
    path("pay/<number:payment_no>/", paying.payment, name="payment"),
]
MEMBER: list[URLPattern] = [
    path("login/", account.login, name="login"),
    path("logout/", account.logout, name="logout"),
    path("register/", account.register, name="register"),
    path("password/", account.password_reset, name="password_reset"),
    path("sms-codes/", account.sms_code, name="sms_code"),
    path("me/", me.me, name="me"),
    path("me/check-in/", me.check_in, name="check_in"),
    path("me/addresses/", addresses.addresses, name="addresses"),
    path("me/addresses/new/", addresses.address_new, name="address_new"),
    path("me/addresses/<id:address_id>/", addresses.address, name="address"),
    path(
        "me/addresses/<id:address_id>/default/", addresses.address_default, name="address_default"
    ),
    path("me/addresses/<id:address_id>/delete/", addresses.address_delete, name="address_delete"),
    path("me/coupons/", me.my_coupons, name="my_coupons"),
    path("me/points/", me.points, name="points"),
    path("me/tier/", me.tier, name="tier"),
    path("me/notifications/", me.notifications, name="notifications"),
    path("me/notifications/read/", me.notifications_read, name="notifications_read"),
    path("me/wallet/", wallet.wallet, name="wallet"),
    path("me/wallet/withdraw/", wallet.withdraw, name="withdraw"),
    path("me/wallet/packets/", wallet.send_packet, name="packet_send"),
    path("me/favourites/", me.favourites, name="favourites"),
]
urlpatterns = [*SHELF, *DEAL, *MEMBER]
