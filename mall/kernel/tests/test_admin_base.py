"""Money to look at is yuan, whoever looks. What a verb refused is not typed again."""

from datetime import UTC, datetime

import pytest
from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.contrib.messages.storage.cookie import CookieStorage
from django.test import RequestFactory

from mall.kernel.admin import MallAdmin
from mall.kernel.admin.showing import as_yuan
from mall.kernel.errors import NotFound
from mall.kernel.monitor.models import TaskRun

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
TYPED = {"task_id": "run-1", "name": "写了很久的名字", "result": "多行\n说明"}


class TalkingAdmin(MallAdmin):
    """Saves, says so, and is refused by a verb that comes after."""

    fields = ("task_id", "name", "result")

    def save_model(self, request, obj, form, change):
        obj.started_at = NOON
        obj.save()
        messages.success(request, "The run is saved.")

    def save_related(self, request, form, formsets, change):
        raise NotFound


def test_a_refused_form_comes_back_as_it_was_typed_and_tells_of_nothing_that_was_undone(db):
    request = RequestFactory().post("/", TYPED)
    request.user = get_user_model()(is_staff=True, is_superuser=True)
    request._dont_enforce_csrf_checks = True
    request._messages = CookieStorage(request)
    messages.info(request, "Said before.")

    answer = TalkingAdmin(TaskRun, admin.site).changeform_view(request)

    form = answer.context_data["adminform"].form
    assert answer.status_code == 200
    assert {name: form[name].value() for name in TYPED} == TYPED
    assert form.errors == {"__all__": [str(NotFound())]}
    assert [str(message) for message in messages.get_messages(request)] == ["Said before."]
    assert not TaskRun.objects.exists()


@pytest.mark.parametrize(
    ("fen", "shown"),
    [("98765", "987.65"), ("98,765", "987.65"), ("-5", "−0.05"), ("0", "0.00"), ("-", "-")],
)
def test_stored_fen_are_shownas_yuan_and_nothing_stays_nothing(fen, shown):
    assert as_yuan(fen) == shown
