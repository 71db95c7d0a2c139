"""One serializer reads all bodies of a shape: nothing of one is left for the next; and no field of
any body lets through, or repeats, text that cannot be stored or sent (ATK-43)."""

import json
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.urls import get_resolver
from django.utils import translation
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from mall.api.base import Endpoint, StrictSerializer
from mall.kernel.db import unsafe_reason
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


def bodies_of(kind: type[StrictSerializer]) -> Iterator[type[StrictSerializer]]:
    """Every strict body of the house, but the two made for this room."""
    for body in kind.__subclasses__():
        if body.__module__ != __name__:
            yield body
        yield from bodies_of(body)


def is_sound(field: serializers.Field, sent: object) -> bool:
    """True when what a field takes can be stored, and what it refuses is refused in words that
    can be sent."""
    try:
        taken = field.run_validation(sent)
    except ValidationError as refusal:
        said = json.dumps(refusal.get_full_details(), ensure_ascii=False)
        return unsafe_reason(said) is None
    return all(unsafe_reason(word) is None for word in _words(taken))


def _words(taken: object) -> Iterator[str]:
    if isinstance(taken, dict):
        taken = [*taken.keys(), *taken.values()]
    if isinstance(taken, list):
        for one in taken:
            yield from _words(one)
    else:
        yield str(taken)


@pytest.mark.parametrize("unsafe", ["a\x00", "a\ud800"], ids=["nul", "surrogate"])
def test_no_field_of_any_body_takes_or_repeats_what_cannot_be_stored(unsafe):
    assert get_resolver().url_patterns  # read: every module that has bodies
    bodies = sorted(set(bodies_of(StrictSerializer)), key=lambda body: body.__qualname__)

    leaks = [
        (body.__qualname__, name)
        for body in bodies
        for name, field in body().fields.items()
        for sent in (unsafe, [unsafe], {unsafe: "a"}, {"a": unsafe})
        if not is_sound(field, sent)
    ]

    assert len(bodies) >= 40
    assert leaks == []
