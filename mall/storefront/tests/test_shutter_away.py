"""The page of a closed shop, while PostgreSQL does not answer."""

from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from django.db import OperationalError, connection

from mall.kernel import clock
from mall.storefront.shutter import GLANCE
from members.testing import make_operator
from promotions.selectors import drop_site_words, shutter
from promotions.services import switch_maintenance

pytestmark = pytest.mark.django_db


@contextmanager
def away():
    """No statement reaches the database."""

    def refuse(*_statement):
        raise OperationalError("the server is away")

    with connection.execute_wrapper(refuse):
        yield


def test_X_64_a_closed_shop_says_why_and_until_when_while_postgresql_is_away(client):
    until = datetime(2100, 4, 4, 10, 22, tzinfo=UTC)
    switch_maintenance(
        is_on=True, message_zh="机房搬迁", until=until, at=clock.now(), actor=make_operator()
    )
    drop_site_words()
    GLANCE.forget()
    shutter()

    with away():
        page = client.get("/")

    text = page.content.decode()
    assert page.status_code == 503
    assert "机房搬迁" in text
    assert "4月4日 18:22" in text
    assert int(page["Retry-After"]) > 60
