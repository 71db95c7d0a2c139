"""What may stand in an address: bounded ids and plain numbers, so that no lookup sees worse."""

from django.urls import register_converter


class IdConverter:
    """A positive id that fits into a bigint."""

    regex = "[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class NumberConverter:
    """An order's or a payment's number: letters and digits."""

    regex = "[0-9A-Za-z]{1,32}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class VersionConverter:
    """A version as an operator named it: any text that can be stored."""

    regex = r"[^\x00]{1,20}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def register() -> None:
    """Make the converters known; called once, by the list of addresses."""
    register_converter(IdConverter, "id")
    register_converter(NumberConverter, "number")
    register_converter(VersionConverter, "version")
