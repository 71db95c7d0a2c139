"""me/wallet/: what the shop owes me, how it came, and asking to be paid out."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from mall.api.base import StrictSerializer, page_of
from mall.api.fields import InstantField, StrictIntegerField, TextField
from mall.api.me.base import MyEndpoint
from mall.kernel import clock
from members import selectors, services
from members.models import Withdrawal
from members.presenting import wallet_dict, wallet_entry_dict, withdrawal_dict

MOST_FEN = 10**9


class WalletShape(serializers.Serializer):
    balance_fen = serializers.IntegerField()
    frozen_fen = serializers.IntegerField()


class WalletEntryShape(serializers.Serializer):
    id = serializers.IntegerField()
    at = InstantField()
    delta_fen = serializers.IntegerField()
    balance_fen = serializers.IntegerField()
    reason_code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]


class WithdrawalShape(serializers.Serializer):
    number = serializers.CharField()
    amount_fen = serializers.IntegerField()
    state = serializers.ChoiceField(choices=Withdrawal.State.values)
    state_label = serializers.CharField()
    requested_at = InstantField()
    ended_at = InstantField(allow_null=True)
    reason = serializers.CharField(allow_null=True)


class WithdrawalBody(StrictSerializer):
    """How much, and the code of purpose ``verify`` that was sent to the member's phone; without it
    a proof given to me/verifications/ counts."""

    amount_fen = StrictIntegerField(min_value=1, max_value=MOST_FEN)
    verify_code = TextField(max_length=6, min_length=6, required=False)


class MyWallet(MyEndpoint):
    """My balance, and the part of it that waits to be withdrawn."""

    @extend_schema(responses=WalletShape)
    def get(self, request: Request) -> Response:
        return Response(wallet_dict(selectors.wallet_of(self.member.pk)))


class WalletEntries(MyEndpoint):
    """My wallet ledger, newest first."""

    @extend_schema(responses=page_of(WalletEntryShape))
    def get(self, request: Request) -> Response:
        entries = selectors.wallet_entries(self.member.pk)
        return self.page(entries, ("-at", "-pk"), wallet_entry_dict)


class Withdrawals(MyEndpoint):
    """What I asked to be paid out; the code works once, so a request sent twice counts once."""

    throttle_scope = "write"

    @extend_schema(responses=page_of(WithdrawalShape))
    def get(self, request: Request) -> Response:
        return self.page(selectors.withdrawals(self.member.pk), ("-pk",), withdrawal_dict)

    @extend_schema(request=WithdrawalBody, responses={201: WithdrawalShape})
    def post(self, request: Request) -> Response:
        body = self.body(WithdrawalBody)
        row = services.request_withdrawal(member=self.member, **body, at=clock.now())
        return Response(withdrawal_dict(row), status=201)
