"""Helps with bargains are append-only."""

from django.db import migrations

from mall.kernel.db.triggers import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("promotions", "0009_teams_and_bargains"), ("kernel", "0003_append_only")]

    operations = [AppendOnly("promotions_bargainhelp")]
