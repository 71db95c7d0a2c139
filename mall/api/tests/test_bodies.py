"""One serializer reads all bodies of a shape: nothing of one is left for the next."""

from types import SimpleNamespace

import pytest
from django.utils import translation
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from mall.api.base import Endpoint, StrictSerializer
from mall.kernel.testing.race import stampede


class PartBody(StrictSerializer):
    size = serializers.IntegerField(max_value=9)


class NoteBody(StrictSerializer):
    text = serializers.CharField(max_length=3)
    parts = PartBody(many=True, required=False)


def read(data):
    view = Endpoint()
    view.request = SimpleNamespace(data=data)
    return view.body(NoteBody)


def refused(data):
    with pytest.raises(ValidationError) as refusal:
        read(data)
    return refusal.value.detail


def test_a_body_that_was_refused_leaves_nothing_to_the_next():
    assert set(refused({"text": "long", "parts": [{"size": 10}]})) == {"text", "parts"}

    assert read({"text": "abc"}) == {"text": "abc"}
    assert read({"text": "abc", "parts": [{"size": 1}]}) == {"text": "abc", "parts": [{"size": 1}]}
    assert set(refused({"text": "abc", "size": 1})) == {"size"}


@pytest.mark.parametrize("nothing", [None, [], "text", 1])
def test_what_is_no_object_is_refused(nothing):
    assert refused(nothing)


def test_limits_are_told_in_the_language_of_each_reader():
    said = {}
    for language in ("zh-hans", "en", "zh-hans"):
        with translation.override(language):
            said.setdefault(language, set()).add(str(refused({"text": "long"})["text"][0]))

    assert said["en"] == {"Ensure this field has no more than 3 characters."}
    assert len(said["zh-hans"]) == 1
    assert said["zh-hans"] != said["en"]


@pytest.mark.django_db(transaction=True)
def test_bodies_that_come_at_once_are_each_read_for_themselves():
    bodies = [{"text": str(n), "parts": [{"size": n % 9}]} for n in range(16)]

    outcomes = stampede(16, lambda number: (number, read(bodies[number])))

    assert outcomes.errors == []
    assert all(found == bodies[number] for number, found in outcomes.results)
