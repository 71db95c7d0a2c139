from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0004_four_tiers"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="account",
            options={
                "permissions": [("see_phone", "Can see whole phone numbers")],
                "verbose_name": "account",
                "verbose_name_plural": "accounts",
            },
        ),
    ]
