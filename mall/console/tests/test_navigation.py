"""The sidebar: every screen has its place, and nobody sees a link that does not open."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation

from mall.console.navigation import MAP, list_url, may_see, row_url, sidebar
from mall.console.testing import client_of, make_clerk
from members.testing import make_operator

pytestmark = pytest.mark.django_db

MODELS = {s.target for work in MAP for s in work.screens if "." in s.target}


def request_of(account):
    request = RequestFactory().get("/admin/")
    request.user = account
    return request


def test_every_screen_of_a_model_stands_in_the_sidebar_once():
    registered = {model._meta.label for model in admin.site._registry}
    listed = [s.target for work in MAP for s in work.screens if "." in s.target]

    assert set(listed) == registered
    assert len(listed) == len(set(listed))


def test_a_superuser_sees_every_group_of_work():
    groups = sidebar(request_of(make_operator()))

    assert [group["title"] for group in groups] == [work.title for work in MAP]
    assert sum(len(g["items"]) for g in groups) == sum(len(work.screens) for work in MAP)


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/admin/promotions/campaignplan/month/", "Campaign calendar"),
        ("/admin/promotions/campaignplan/7/change/", "Campaign plans"),
        ("/admin/", "Workbench"),
    ],
)
def test_one_screen_is_marked_as_the_open_one(path, title):
    request = request_of(make_operator())
    request.path = path

    items = [item for group in sidebar(request) for item in group["items"]]

    with translation.override("en"):
        assert [str(item["title"]) for item in items if item["active"]] == [title]


@pytest.mark.parametrize("role", ["service", "marketing", "warehouse", "finance", "admin"])
def test_every_link_a_role_sees_opens_for_it(role):
    clerk = make_clerk(role)
    client = client_of(clerk)
    links = [item["link"] for group in sidebar(request_of(clerk)) for item in group["items"]]

    refused = [link for link in links if client.get(link).status_code != 200]

    assert refused == []
    assert len(links) > 8


def test_the_page_names_the_screen_it_stands_on():
    client = client_of(make_operator())

    text = client.get(reverse("admin:timers")).content.decode()

    [active] = [line for line in text.splitlines() if "font-semibold text-primary-600" in line]
    assert 'href="/admin/tasks/"' in active


def test_addresses_of_lists_and_rows():
    superuser, nobody = make_operator(), make_operator(is_superuser=False)

    assert list_url("orders.Order", "status=paid") == "/admin/orders/order/?status=paid"
    assert row_url(request_of(superuser), "orders.Order", 7) == "/admin/orders/order/7/change/"
    assert row_url(request_of(nobody), "orders.Order", 7) == ""


def test_a_model_without_a_screen_is_nobodys_to_see():
    request = request_of(make_operator())

    assert not may_see(request, "kernel.IdempotencyRecord")
    assert all(apps.get_model(label) for label in MODELS)
