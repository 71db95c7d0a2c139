"""A client of the REST door for tests: JSON in and out, signed in by a real token."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client, RequestFactory

from mall.api.auth.tokens import open_device
from members.models import Member


class ApiClient(Client):
    """``ApiClient.of(member).post_json("me/addresses/", {...})``; paths are below /api/v1/."""

    token: str = ""

    @classmethod
    def of(cls, member: Member) -> ApiClient:
        """A client with an access token of the member."""
        client = cls()
        client.token = open_device(RequestFactory().get("/"), member.account)["access"]
        return client

    def call(
        self, method: str, path: str, body: Any = None, *, key: str | None = None, **headers: str
    ) -> Any:
        """One request in English; ``key`` is the Idempotency-Key."""
        sent = {"Accept-Language": "en", **headers}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        if key:
            sent["Idempotency-Key"] = key
        data = b"" if body is None else json.dumps(body).encode()
        return self.generic(method, f"/api/v1/{path}", data, "application/json", headers=sent)

    def get_json(self, path: str, **headers: str) -> Any:
        return self.call("GET", path, **headers)

    def post_json(
        self, path: str, body: Any = None, *, key: str | None = None, **headers: str
    ) -> Any:
        return self.call("POST", path, {} if body is None else body, key=key, **headers)
