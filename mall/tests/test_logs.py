"""Logs are one line an event, escaped, and tell no secrets."""

import json
import logging
import sys

import pytest
from django.test import RequestFactory
from structlog.contextvars import bound_contextvars, get_contextvars

from mall.logs import configure
from mall.requestlog import RequestLogMiddleware


def formatter(as_json: bool) -> logging.Formatter:
    config = configure(level="INFO", as_json=as_json)["formatters"]["line"]
    make = config["()"]
    return make(processors=config["processors"], foreign_pre_chain=config["foreign_pre_chain"])


def record(message: str, **extra: object) -> logging.LogRecord:
    return logging.getLogger("mall.tests").makeRecord(
        "mall.tests", logging.INFO, __file__, 1, message, (), None, extra=extra
    )


def crash() -> logging.LogRecord:
    password = "hunter2-secret"  # noqa: F841 - the local that must not be shown
    try:
        raise ValueError("broken")
    except ValueError:
        return logging.getLogger("mall.tests").makeRecord(
            "mall.tests", logging.ERROR, __file__, 1, "crashed", (), sys.exc_info()
        )


def test_an_injected_line_break_stays_inside_its_own_line():
    line = formatter(as_json=True).format(record("agent\r\nERROR paid=1", user_agent="x\n\x1b[31m"))

    assert "\n" not in line
    assert json.loads(line)["event"] == "agent\r\nERROR paid=1"


@pytest.mark.parametrize("as_json", [True, False])
def test_a_traceback_shows_code_and_no_locals(as_json):
    text = formatter(as_json).format(crash())

    assert "ValueError: broken" in text
    assert "hunter2-secret" not in text


@pytest.mark.parametrize(("proxies", "told"), [(0, "10.0.0.9"), (1, "203.0.113.7")])
def test_the_address_of_a_request_is_what_our_own_proxies_vouch_for(settings, proxies, told):
    settings.TRUSTED_PROXIES = proxies
    came = {
        "REMOTE_ADDR": "10.0.0.9",
        "HTTP_X_FORWARDED_FOR": "8.8.8.8, 203.0.113.7",
        "HTTP_X_REAL_IP": "8.8.4.4",
    }

    with bound_contextvars(ip=""):
        RequestLogMiddleware(lambda _request: None).bind_ip(RequestFactory().get("/", **came))

        assert get_contextvars()["ip"] == told
