"""Every route of the API under hostile input: a clean 4xx in problem+json, never a 5xx, nothing
changed.

The routes are read from the URL table, so a new one is attacked from the day it is born.
Source: reliability.md ATK-43, 44, 92, 100.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

from mall.api.base import Throttle
from mall.api.testing import ApiClient
from members.testing import make_member

DEEP = "[" * 100_000 + "]" * 100_000
BODIES = {
    "deep": DEEP,
    "deep object": '{"a":' * 100_000,
    "nul": '{"quantity": 1, "text": "a\\u0000b", "phone": "138\\u0000"}',
    "surrogate": '{"text": "\\ud800", "nickname": "\\udfff", "phone": "\\ud800"}',
    "nan": '{"quantity": NaN}',
    "list": "[1, 2, 3]",
    "string": '"text"',
    "null": "null",
    "number": "9" * 5_000,
    "unknown field": '{"is_staff": true, "price_fen": 1}',
    "not json": "<xml/>",
    "empty": "",
}
NO_UUID = "00000000-0000-4000-8000-000000000000"
PATH_VALUES = {
    "int": ["0", "9223372036854775807", "9223372036854775808", "18446744073709551616"],
    "str": ["%00", "..%2f..", "A" * 300, "é"],
}


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, path)
        else:
            yield path, entry


API_ROUTES = sorted({path for path, _entry in routes(get_resolver()) if path.startswith("api/v1/")})


def fill(path: str, number: str = "1", text: str = "nothing") -> str:
    """The route with a value in each of its places."""
    parts = []
    for part in path.split("/"):
        if part.startswith("<"):
            kind = part[1:].partition(":")[0]
            part = {"int": number, "uuid": NO_UUID}.get(kind, text)
        parts.append(part)
    return "/" + "/".join(parts)


@pytest.fixture(autouse=True)
def unthrottled(monkeypatch):
    """Throttles are tested elsewhere; here they would answer before the code that is attacked."""
    monkeypatch.setattr(Throttle, "allow_request", lambda *_args: True)


@pytest.fixture
def token(db):
    return ApiClient.of(make_member()).token


def is_clean(answer) -> bool:
    if answer.status_code < 400:
        return True
    if answer.status_code >= 500:
        return False
    if not answer.content:
        return True
    body = json.loads(answer.content)
    return "code" in body or "code" in body.get("errors", [{}])[0]


def rows() -> dict[str, int]:
    """How many rows the tables of the shop hold: a refusal must not change it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r'"
            " AND relnamespace = 'public'::regnamespace"
            " AND relname ~ '^(orders|promotions|inventory|catalog)_'"
        )
        tables = [name for (name,) in cursor.fetchall()]
        counts = (f"SELECT '{name}', COUNT(*) FROM \"{name}\"" for name in tables)  # noqa: S608
        cursor.execute(" UNION ALL ".join(counts))  # names from the catalogue
        return dict(cursor.fetchall())


def test_there_are_routes_to_attack():
    assert len(API_ROUTES) >= 30


@pytest.mark.django_db
@pytest.mark.parametrize("path", API_ROUTES)
def test_a_hostile_body_is_refused_in_words_and_changes_nothing(client, token, path):
    before = rows()
    problems = []

    for number, (name, body) in enumerate(BODIES.items()):
        for method in ("post", "patch", "put"):
            answer = getattr(client, method)(
                fill(path),
                body,
                content_type="application/json",
                headers={"Authorization": f"Bearer {token}", "Idempotency-Key": f"key-{number}"},
            )
            if not is_clean(answer):
                problems.append((name, method, answer.status_code, answer.content[:200]))
        if rows() != before:
            problems.append((name, "changed something"))

    assert problems == []


@pytest.mark.django_db
@pytest.mark.parametrize("path", API_ROUTES)
def test_odd_values_in_the_address_are_not_found_or_refused(client, token, path):
    headers = {"Authorization": f"Bearer {token}"}
    odd = [fill(path, number=number) for number in PATH_VALUES["int"]]
    odd += [fill(path, text=text) for text in PATH_VALUES["str"]]

    answers = {address: client.get(address, headers=headers) for address in dict.fromkeys(odd)}

    assert {a: r.status_code for a, r in answers.items() if not is_clean(r)} == {}


@pytest.mark.django_db
@pytest.mark.parametrize("path", API_ROUTES)
def test_odd_values_in_the_query_are_refused_or_ignored(client, token, path):
    headers = {"Authorization": f"Bearer {token}"}
    queries = [
        "q=%00&state=%00&cursor=%00",
        "q=%ED%A0%80&page_size=1e9",
        "page_size=101",
        "page_size=%EF%BC%91",
        "cursor=bm90IGEgY3Vyc29y",
        "ordering=-cost_fen,password&category=%27--",
        "price_min_fen=-1&price_max_fen=99999999999999999999999",
        "q=" + "a%20%26%20(" * 50,
        "parent=%00&attr.x=%00",
    ]

    answers = {query: client.get(f"{fill(path)}?{query}", headers=headers) for query in queries}

    assert {q: r.status_code for q, r in answers.items() if not is_clean(r)} == {}


@pytest.mark.django_db
@pytest.mark.parametrize("path", API_ROUTES)
def test_a_bad_token_is_a_401_everywhere_or_does_not_matter(client, path):
    for value in ("Bearer x", "Bearer ", "Basic YTpi", "Bearer é", "x" * 9_000):
        answer = client.get(fill(path), headers={"Authorization": value})

        assert is_clean(answer), value
        assert answer.status_code in {200, 401, 404, 405}, (value, answer.content)
