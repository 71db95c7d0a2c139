"""Shares of red packets and results of draws are append-only."""

from django.db import migrations

from mall.kernel.db.triggers import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("promotions", "0006_red_packets_and_lotteries"),
        ("kernel", "0003_append_only"),
    ]

    operations = [AppendOnly("promotions_redpacketclaim"), AppendOnly("promotions_draw")]
