"""JSON in, bounded in size and depth before it is built (ATK-92: 100k-deep JSON used to be a
500)."""

import json
import re
from typing import IO, Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from mall.kernel.db import MAX_JSON_DEPTH

MAX_BYTES = 256 * 1024
STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
BRACKETS = re.compile(r"[\[{\]}]")


def depth_of(text: str) -> int:
    """How deep the brackets of a JSON text nest, without building it; those in strings do not
    count."""
    depth = deepest = 0
    for letter in BRACKETS.findall(STRINGS.sub("", text)):
        depth += 1 if letter in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _refuse_constant(_name: str) -> Any:
    raise ParseError(_("NaN and Infinity are not JSON."))


class BoundedJSONParser(BaseParser):
    """At most 256 KB, 20 levels, no NaN; anything else is a 400 in words."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None
    ) -> Any:
        raw = stream.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            raise ParseError(_("The body is larger than 256 KB."))
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise ParseError(_("The body is not UTF-8.")) from error
        if depth_of(text) > MAX_JSON_DEPTH:
            raise ParseError(_("The body is nested deeper than 20 levels."))
        try:
            return json.loads(text, parse_constant=_refuse_constant)
        except ValueError as error:
            raise ParseError(_("The body is not valid JSON.")) from error
