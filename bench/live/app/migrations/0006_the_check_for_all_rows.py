"""The old rows are looked at, with a lock that lets everybody write."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations

from bench.live.elsewhere import On


class Migration(migrations.Migration):
    dependencies = [("live", "0005_a_check_for_new_rows")]
    operations = [On("orders", ValidateConstraint("order", "live_urgency"))]
