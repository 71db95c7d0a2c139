"""What one request asks many times is read once: never longer than the request lasts, never for
another one."""

from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from mall.kernel.caching import OnceARequest


class Counter:
    """A read that tells how often it was asked."""

    def __init__(self) -> None:
        self.reads = 0

    def __call__(self) -> int:
        self.reads += 1
        return self.reads


def begin_request() -> None:
    request_started.disconnect(close_old_connections)
    request_started.send(sender=None, environ={})
    request_started.connect(close_old_connections)


def end_request() -> None:
    request_finished.disconnect(close_old_connections)
    request_finished.send(sender=None)
    request_finished.connect(close_old_connections)


def test_a_request_reads_once_and_the_next_one_reads_again():
    known = OnceARequest(Counter())

    begin_request()
    assert [known(), known(), known()] == [1, 1, 1]
    begin_request()
    assert known() == 2
    end_request()


def test_outside_of_a_request_everything_is_read_each_time():
    known = OnceARequest(Counter())

    begin_request()
    known()
    end_request()

    assert [known(), known()] == [2, 3]


def test_a_request_that_changes_what_it_read_reads_again():
    known = OnceARequest(Counter())

    begin_request()
    known()
    known.forget()
    assert known() == 2
    end_request()
    known.forget()


def test_two_reads_do_not_take_each_other_for_the_same():
    one, other = OnceARequest(Counter()), OnceARequest(Counter())

    begin_request()
    one()
    one.forget()
    assert (one(), other()) == (2, 1)
    end_request()
