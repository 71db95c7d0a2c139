"""site/, help/, pop-ups/: what an app shows around the shop."""

from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.selectors import read_region
from mall.api.base import Endpoint
from mall.api.catalog.base import REGION, OpenEndpoint, whole
from mall.api.catalog.shapes import ImageShape
from mall.api.deal_bodies import EmptyBody
from mall.api.device import footprint
from mall.api.fields import InstantField
from mall.kernel import clock
from mall.kernel.errors import InvalidInput
from mall.kernel.words import localized
from members.models import Account, Member
from members.selectors import member_of
from promotions.models import HelpPage, PopUp
from promotions.presenting import bar_dicts, policy_dicts, pop_up_dict, site_dict
from promotions.selectors import found_help, help_page, pop_ups, shutter, site_words
from promotions.services import note_closed, note_shown

LONGEST_QUERY = 60


class LicenceShape(serializers.Serializer):
    text = serializers.CharField()
    url = serializers.CharField()


class PolicyShape(serializers.Serializer):
    slug = serializers.CharField()
    title = serializers.CharField()
    version = serializers.CharField()


class BarShape(serializers.Serializer):
    id = serializers.IntegerField()
    level = serializers.CharField()
    title = serializers.CharField()
    link = serializers.CharField()
    is_dismissible = serializers.BooleanField()


class MaintenanceShape(serializers.Serializer):
    is_on = serializers.BooleanField()
    message = serializers.CharField()
    until = InstantField(allow_null=True)


class SiteShape(serializers.Serializer):
    brand = serializers.CharField()
    slogan = serializers.CharField()
    about = serializers.CharField()
    icp = serializers.CharField()
    licence = LicenceShape()
    hotline = serializers.CharField()
    hours = serializers.CharField()
    logo = serializers.CharField(allow_null=True)
    colours = serializers.DictField(child=serializers.CharField())
    font = serializers.CharField()
    languages = serializers.ListField(child=serializers.CharField())
    policies = PolicyShape(many=True)
    maintenance = MaintenanceShape()
    announcements = BarShape(many=True)


class HelpPageShape(serializers.Serializer):
    slug = serializers.CharField()
    topic = serializers.CharField()
    title = serializers.CharField()
    version = serializers.CharField()


class HelpTextShape(HelpPageShape):
    body = serializers.CharField()


class PopUpShownShape(serializers.Serializer):
    may_show = serializers.BooleanField()


class PopUpShape(serializers.Serializer):
    id = serializers.IntegerField()
    title = serializers.CharField()
    text = serializers.CharField()
    button = serializers.CharField()
    link = serializers.CharField()
    image = ImageShape(allow_null=True)
    trigger = serializers.CharField()
    seconds = serializers.IntegerField()


class Site(OpenEndpoint):
    """The shop's name, looks, policies, news; whether it is open. Answers while it is closed."""

    @extend_schema(responses=SiteShape)
    def get(self, request: Request) -> Response:
        at, state = clock.now(), shutter()
        maintenance = {
            "is_on": state.is_down(at),
            "message": localized(state, "message") if state.is_down(at) else "",
            "until": state.until if state.is_down(at) else None,
        }
        return Response(
            {
                **site_dict(),
                "languages": ["zh-Hans", "en"],
                "policies": policy_dicts(site_words()["help"]),
                "maintenance": maintenance,
                "announcements": bar_dicts(at),
            }
        )


class HelpPages(OpenEndpoint):
    """Help pages that have every word of ``q``; without it all of them."""

    @extend_schema(responses=HelpPageShape(many=True), parameters=[OpenApiParameter("q")])
    def get(self, request: Request) -> Response:
        asked = request.query_params.get("q", "").replace("\x00", "")[:LONGEST_QUERY]
        return whole(_help(page) for page in found_help(asked))


class OneHelpPage(OpenEndpoint):
    """One help page with its text."""

    @extend_schema(responses=HelpTextShape)
    def get(self, request: Request, slug: str) -> Response:
        page = help_page(slug)
        return Response({**_help(page), "body": localized(page, "body")})


def _help(page: HelpPage) -> dict[str, str]:
    return {
        "slug": page.slug,
        "topic": page.topic,
        "title": localized(page, "title"),
        "version": page.version,
    }


class PopUps(Endpoint):
    """Pop-ups for a place that this reader has not seen enough of today."""

    permission_classes = [AllowAny]
    throttle_scope = "browse"

    @extend_schema(
        responses=PopUpShape(many=True),
        parameters=[OpenApiParameter("place", enum=PopUp.Place.values), REGION],
    )
    def get(self, request: Request) -> Response:
        place = request.query_params.get("place", PopUp.Place.HOME)
        if place not in PopUp.Place.values:
            raise InvalidInput(field="place", allowed=", ".join(PopUp.Place.values))
        rows = pop_ups(
            place=place,
            at=clock.now(),
            viewer=viewer_of(request),
            member=_member(request),
            region_code=read_region(request.query_params.get("region")),
        )
        return whole(pop_up_dict(row) for row in rows)


class PopUpShown(Endpoint):
    """Note that a pop-up is shown: ``may_show`` says whether it still may be today."""

    permission_classes = [AllowAny]
    throttle_scope = "write"

    @extend_schema(request=EmptyBody, responses={200: PopUpShownShape})
    def post(self, request: Request, popup_id: int) -> Response:
        self.body(EmptyBody)
        viewer = viewer_of(request)
        may = bool(viewer) and note_shown(popup_id=popup_id, viewer=viewer, at=clock.now())
        return Response({"may_show": may})


class PopUpClosed(Endpoint):
    """Note that it was closed."""

    permission_classes = [AllowAny]
    throttle_scope = "write"

    @extend_schema(request=EmptyBody, responses={204: None})
    def post(self, request: Request, popup_id: int) -> Response:
        self.body(EmptyBody)
        viewer = viewer_of(request)
        if viewer:
            note_closed(popup_id=popup_id, viewer=viewer, at=clock.now())
        return Response(status=204)


def _member(request: Request) -> Member | None:
    return member_of(request.user) if isinstance(request.user, Account) else None


def viewer_of(request: Request) -> str:
    """Whom sights are counted for: the member, else the device that X-Device-Id names."""
    member = _member(request)
    return f"m{member.pk}" if member else footprint(request).device


urlpatterns = [
    path("site/", Site.as_view(), name="site"),
    path("help/", HelpPages.as_view(), name="help"),
    path("help/<slug:slug>/", OneHelpPage.as_view(), name="help-page"),
    path("pop-ups/", PopUps.as_view(), name="pop-ups"),
    path("pop-ups/<int:popup_id>/shown/", PopUpShown.as_view(), name="pop-up-shown"),
    path("pop-ups/<int:popup_id>/closed/", PopUpClosed.as_view(), name="pop-up-closed"),
]
