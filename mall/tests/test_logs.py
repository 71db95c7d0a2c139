"""Logs are one line an event, escaped, and tell no secrets."""

import json
import logging
import sys

import pytest

from mall.logs import configure


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
