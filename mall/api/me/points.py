"""me/points/ and me/check-ins/: what I earned and how."""

import datetime

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from mall.api.base import page_of
from mall.api.deal_bodies import EmptyBody
from mall.api.me.base import MyEndpoint
from mall.api.me.shapes import CheckInShape, MonthShape, PointsEntryShape
from mall.kernel import clock
from mall.kernel.errors import InvalidInput
from mall.kernel.idempotency import Answer
from members import selectors, services
from members.presenting import points_entry_dict


class Points(MyEndpoint):
    """My points ledger, newest first."""

    @extend_schema(responses=page_of(PointsEntryShape))
    def get(self, request: Request) -> Response:
        entries = selectors.points_entries(self.member.pk)
        return self.page(entries, ("-at", "-pk"), points_entry_dict)


class CheckIns(MyEndpoint):
    """Check in for today, or look at a month."""

    throttle_scope = "write"

    @extend_schema(
        request=EmptyBody,
        responses={201: CheckInShape},
        parameters=[OpenApiParameter("Idempotency-Key", location="header", required=True)],
    )
    def post(self, request: Request) -> Response:
        self.body(EmptyBody)
        member_id = self.member.pk
        return self.once(
            "me/check-ins",
            verb=lambda: services.check_in(member_id=member_id, at=clock.now()),
            render=lambda done: Answer(
                201,
                {"day": done.day.isoformat(), "streak": done.streak, "points": done.points},
            ),
        )

    @extend_schema(responses=MonthShape, parameters=[OpenApiParameter("month")])
    def get(self, request: Request) -> Response:
        at = clock.now()
        month = _month(request.query_params.get("month"), clock.day_of(at))
        account_id = self.member.points_account.pk
        week = selectors.check_in_week(account_id, at)
        return Response(
            {
                "month": f"{month:%Y-%m}",
                "days": selectors.check_in_days(account_id, month),
                "streak": week.streak,
                "points": week.points,
                "done": week.done,
            }
        )


def _month(text: str | None, today: datetime.date) -> datetime.date:
    if text is None:
        return today.replace(day=1)
    try:
        return datetime.date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise InvalidInput(field="month", allowed="YYYY-MM") from error
