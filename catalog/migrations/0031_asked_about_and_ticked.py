"""A new shop has every product approved (C-38); who says that a video shows goods (C-41); files that
set stock (C-50).
"""

from django.db import migrations, models


def ask_always(apps, schema_editor):
    """A shop that has goods already, or has chosen, keeps what it asks for; "warned" was the usual."""
    if not apps.get_model("catalog", "Product").objects.exists():
        policies = apps.get_model("catalog", "PublishingPolicy").objects
        policies.filter(approval="warned").update(approval="always")


class Migration(migrations.Migration):
    dependencies = [("catalog", "0030_reduced_goods_by_end")]
    safe_because = (
        "The default of the approval is Django's, not the database's; the policy is one row, and is"
        " written only where there are no goods yet, which one look finds out."
    )

    operations = [
        migrations.AddField(
            "importjob",
            "sets_stock",
            models.BooleanField(
                "sets stock",
                db_default=False,
                default=False,
                help_text="Stock in the file is what the warehouse has, not only opening stock.",
            ),
        ),
        migrations.AddField(
            "video",
            "shows_goods",
            models.BooleanField(
                "shows the goods",
                db_default=False,
                default=False,
                help_text="It shows the goods themselves, not only text.",
            ),
        ),
        migrations.AlterField(
            "publishingpolicy",
            "approval",
            models.CharField(
                "approval needed",
                choices=[
                    ("never", "never"),
                    ("warned", "when the screen of words warns"),
                    ("always", "always"),
                ],
                default="always",
                max_length=10,
            ),
        ),
        migrations.RunPython(ask_always, migrations.RunPython.noop),
    ]
