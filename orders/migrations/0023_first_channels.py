"""The channels that every shop begins with (X-55)."""

from django.db import migrations

CHANNELS = (
    ("web", "web", "网站", "Web"),
    ("miniprogram", "miniprogram", "小程序", "Mini-program"),
    ("store", "store", "门店", "Stores"),
    ("live", "live", "直播", "Live streams"),
    ("partner", "partner", "合作伙伴", "Partners"),
)


def enter(apps, _schema_editor):
    channel = apps.get_model("orders", "Channel")
    for code, kind, title_zh, title_en in CHANNELS:
        channel.objects.get_or_create(
            code=code, defaults={"kind": kind, "title_zh": title_zh, "title_en": title_en}
        )


class Migration(migrations.Migration):
    dependencies = [("orders", "0022_export_rights")]

    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
