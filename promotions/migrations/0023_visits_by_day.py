"""What is forgotten after a time is found by its day; such an index costs a write next to nothing."""

from django.contrib.postgres.indexes import BrinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("promotions", "0022_promises_of_the_shop")]
    operations = [
        AddIndexConcurrently(model, BrinIndex(fields=[column], name=name))
        for model, column, name in (
            ("landingvisit", "at", "landing_visit_by_time"),
            ("popupsight", "day", "pop_up_sight_by_day"),
            ("sharevisit", "day", "share_visit_by_day"),
        )
    ]
