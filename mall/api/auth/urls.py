"""Routes of auth/."""

from django.urls import path

from mall.api.auth.codes import SmsCodes
from mall.api.auth.entering import Login, Register, Wechat
from mall.api.auth.password import Password
from mall.api.auth.staying import Logout, Refresh

urlpatterns = [
    path("sms-codes/", SmsCodes.as_view(), name="auth-sms-codes"),
    path("register/", Register.as_view(), name="auth-register"),
    path("login/", Login.as_view(), name="auth-login"),
    path("wechat/", Wechat.as_view(), name="auth-wechat"),
    path("refresh/", Refresh.as_view(), name="auth-refresh"),
    path("logout/", Logout.as_view(), name="auth-logout"),
    path("password/", Password.as_view(), name="auth-password"),
]
