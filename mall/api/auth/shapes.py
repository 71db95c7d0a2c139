"""Bodies of auth/, and the answers that the schema shows."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from mall.api.base import StrictSerializer
from mall.api.fields import ChoiceField, TextField
from mall.api.me.shapes import MemberShape
from members.models import SmsCode

CODE_LENGTH = 12  # six digits, and room for what people paste around them
TOKEN_LENGTH = 2_000
PASSWORD_LENGTH = 128
EITHER = _("Send either a password or a code.")


class PhoneText(TextField):
    """A phone number as typed; the verb knows its spellings."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, **kwargs)


class PasswordText(TextField):
    """A password as typed: no blank is cut off."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=PASSWORD_LENGTH, trim_whitespace=False, **kwargs)


class SmsCodeBody(StrictSerializer):
    phone = PhoneText()
    purpose = ChoiceField(SmsCode.Purpose.choices)


class RegisterBody(StrictSerializer):
    phone = PhoneText()
    code = TextField(max_length=CODE_LENGTH)
    password = PasswordText(required=False)
    invite_code = TextField(max_length=20, required=False, allow_blank=True)
    consent_version = TextField(max_length=20)
    cart_token = TextField(max_length=100, required=False, allow_blank=True)


class LoginBody(StrictSerializer):
    """A phone with either a password or a code."""

    phone = PhoneText()
    password = PasswordText(required=False)
    code = TextField(max_length=CODE_LENGTH, required=False)
    cart_token = TextField(max_length=100, required=False, allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("password" in attrs) == ("code" in attrs):
            raise ValidationError({"password": [EITHER]})
        return attrs


class WechatBody(StrictSerializer):
    code = TextField(max_length=128)
    phone_code = TextField(max_length=128, required=False)
    cart_token = TextField(max_length=100, required=False, allow_blank=True)


class RefreshBody(StrictSerializer):
    refresh = TextField(max_length=TOKEN_LENGTH)


class ResetPasswordBody(StrictSerializer):
    phone = PhoneText()
    code = TextField(max_length=CODE_LENGTH)
    new_password = PasswordText()


class ChangePasswordBody(StrictSerializer):
    old_password = PasswordText()
    new_password = PasswordText()


class SentShape(serializers.Serializer):
    retry_after_seconds = serializers.IntegerField()


class SignedInShape(serializers.Serializer):
    access = serializers.CharField()
    refresh = serializers.CharField()
    expires_in = serializers.IntegerField()
    member = MemberShape()
