"""What a listing is held to is the shop's to say: empty attributes, lengths of videos, the usual
margin (C-26, C-35, C-41 to C-43).
"""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import migrations, models
from django.db.models import F, Q

import mall.kernel.db.fields

BOUNDS = [MinValueValidator(1), MaxValueValidator(300)]


def seconds(name, label, usual):
    return migrations.AddField(
        "publishingpolicy",
        name,
        models.PositiveSmallIntegerField(
            label, db_default=usual, default=usual, validators=list(BOUNDS)
        ),
    )


class Migration(migrations.Migration):
    dependencies = [("catalog", "0031_asked_about_and_ticked")]
    safe_because = "The publishing policy is one row, and the defaults keep the rule."

    operations = [
        migrations.AddField(
            "priceguard",
            "usual_margin_bp",
            mall.kernel.db.fields.BpField("usual margin", db_default=4000, default=4000),
        ),
        migrations.AddField(
            "publishingpolicy",
            "most_empty_bp",
            mall.kernel.db.fields.BpField(
                "attributes that may be empty",
                db_default=2000,
                default=2000,
                validators=[MaxValueValidator(10000)],
            ),
        ),
        seconds("main_least_seconds", "main video: at least (seconds)", 9),
        seconds("main_most_seconds", "main video: at most (seconds)", 30),
        seconds("detail_most_seconds", "detail video: at most (seconds)", 30),
        seconds("short_least_seconds", "short video: at least (seconds)", 5),
        seconds("short_most_seconds", "short video: at most (seconds)", 20),
        migrations.AddConstraint(
            "publishingpolicy",
            models.CheckConstraint(
                condition=Q(main_least_seconds__lte=F("main_most_seconds"))
                & Q(short_least_seconds__lte=F("short_most_seconds")),
                name="publishing_policy_lengths_in_order",
            ),
        ),
    ]
