"""A rule that new rows keep from now on; old ones are looked at by the next migration."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q

from bench.live.elsewhere import On


class Migration(migrations.Migration):
    dependencies = [("live", "0004_an_index_of_a_large_table")]
    operations = [
        On(
            "orders",
            AddConstraintNotValid(
                "order", models.CheckConstraint(condition=Q(urgency__gte=0), name="live_urgency")
            ),
        )
    ]
