"""The carriers that parcels have gone with so far become rows; no parcel loses its carrier."""

from django.db import migrations

USUAL = (
    ("sf", "顺丰速运", "SF Express"),
    ("zto", "中通快递", "ZTO Express"),
    ("yto", "圆通速递", "YTO Express"),
    ("yunda", "韵达快递", "Yunda Express"),
    ("jd", "京东物流", "JD Logistics"),
    ("ems", "中国邮政 EMS", "EMS"),
)


def make_rows(apps, schema_editor):
    carriers = apps.get_model("orders", "Carrier")
    shipments = apps.get_model("orders", "Shipment")
    known = {code: (zh, en) for code, zh, en in USUAL}
    used = set(shipments.objects.order_by().values_list("carrier", flat=True).distinct())
    for position, code in enumerate([*known, *sorted(used - set(known))], start=1):
        zh, en = known.get(code, (code, code))
        carriers.objects.get_or_create(
            code=code, defaults={"title_zh": zh, "title_en": en, "position": position}
        )


class Migration(migrations.Migration):
    dependencies = [("orders", "0014_fulfilment")]

    operations = [migrations.RunPython(make_rows, migrations.RunPython.noop)]
