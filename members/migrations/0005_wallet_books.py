"""Entries of wallets are append-only; the shop has one policy of withdrawals."""

from django.db import migrations

from mall.kernel.db.triggers import AppendOnly


def lay(apps, _schema_editor):
    apps.get_model("members", "WalletPolicy").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("members", "0004_wallet"), ("kernel", "0003_append_only")]

    operations = [
        AppendOnly("members_walletentry"),
        migrations.RunPython(lay, migrations.RunPython.noop),
    ]
