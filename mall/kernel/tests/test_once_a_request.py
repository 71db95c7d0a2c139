"""What one request asks many times is read once: never longer than the request lasts, never for
another one."""

from mall.kernel.caching import OnceARequest, one_request


class Counter:
    """A read that tells how often it was asked."""

    def __init__(self) -> None:
        self.reads = 0

    def __call__(self) -> int:
        self.reads += 1
        return self.reads


def test_a_request_reads_once_and_the_next_one_reads_again():
    known = OnceARequest(Counter())

    with one_request():
        assert [known(), known(), known()] == [1, 1, 1]
    with one_request():
        assert known() == 2


def test_outside_of_a_request_everything_is_read_each_time():
    known = OnceARequest(Counter())

    with one_request():
        known()

    assert [known(), known()] == [2, 3]


def test_a_request_that_changes_what_it_read_reads_again():
    known = OnceARequest(Counter())

    with one_request():
        known()
        known.forget()
        assert known() == 2
    known.forget()


def test_two_reads_do_not_take_each_other_for_the_same():
    one, other = OnceARequest(Counter()), OnceARequest(Counter())

    with one_request():
        one()
        one.forget()
        assert (one(), other()) == (2, 1)
