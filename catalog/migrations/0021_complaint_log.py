"""The log of a complaint is append-only."""

from django.db import migrations

from mall.kernel.db.triggers import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0020_goods_videos_papers_complaints"),
        ("kernel", "0003_append_only"),
    ]

    operations = [
        AppendOnly("catalog_complaintentry"),
    ]
