"""me/verifications/, me/phone/, me/authenticator/: the second factor, and what asks for it."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from mall.api.base import StrictSerializer
from mall.api.fields import ChoiceField, InstantField, TextField
from mall.api.me.base import MyEndpoint
from mall.kernel import clock
from members import services
from members.models import Proof

CODE = {"min_length": 6, "max_length": 6}


class VerificationBody(StrictSerializer):
    """A code, and the deed that was refused with ``auth.need_verification``."""

    deed = ChoiceField(choices=Proof.Deed.values)
    subject = TextField(max_length=40, required=False, allow_blank=True)
    method = ChoiceField(choices=Proof.Method.values, default=Proof.Method.SMS.value)
    code = TextField(**CODE)


class VerificationShape(serializers.Serializer):
    deed = serializers.ChoiceField(choices=Proof.Deed.values)
    subject = serializers.CharField()
    expires_at = InstantField()


class PhoneChangeBody(StrictSerializer):
    """The new number, and the code of purpose ``bind`` that was sent to it."""

    phone = TextField(max_length=20)
    code = TextField(**CODE)


class PhoneChangeShape(serializers.Serializer):
    phone_masked = serializers.CharField()


class AppCodeBody(StrictSerializer):
    """What the authenticator app shows."""

    code = TextField(**CODE)


class AppSecretShape(serializers.Serializer):
    """Shown once."""

    secret = serializers.CharField()
    uri = serializers.CharField()


class Verifications(MyEndpoint):
    """Show a code for one deed; it may be done within ten minutes."""

    throttle_scope = "sms"

    @extend_schema(request=VerificationBody, responses={201: VerificationShape})
    def post(self, request: Request) -> Response:
        body = self.body(VerificationBody)
        proof = services.prove(account=self.account, **body, at=clock.now())
        shape = VerificationShape(proof)
        return Response(shape.data, status=201)


class MyPhone(MyEndpoint):
    """Another phone number; every session ends, this one too."""

    throttle_scope = "write"

    @extend_schema(request=PhoneChangeBody, responses=PhoneChangeShape)
    def put(self, request: Request) -> Response:
        body = self.body(PhoneChangeBody)
        account = services.change_phone(account=self.account, **body, at=clock.now())
        return Response({"phone_masked": account.phone_masked})


class MyAuthenticator(MyEndpoint):
    """An authenticator app: ask for a secret (deed ``add_app``), confirm it by a code."""

    throttle_scope = "write"

    @extend_schema(request=None, responses={201: AppSecretShape})
    def post(self, request: Request) -> Response:
        made = services.add_authenticator(account=self.account, at=clock.now())
        return Response({"secret": made.text, "uri": made.uri}, status=201)

    @extend_schema(request=AppCodeBody, responses={204: None})
    def put(self, request: Request) -> Response:
        services.confirm_authenticator(
            account=self.account, **self.body(AppCodeBody), at=clock.now()
        )
        return Response(status=204)
