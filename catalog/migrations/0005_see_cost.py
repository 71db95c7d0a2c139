"""Who may see costs."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("catalog", "0004_attribute_units_and_longer_values")]

    operations = [
        migrations.AlterModelOptions(
            name="sku",
            options={
                "ordering": ["sort", "pk"],
                "permissions": [("see_cost", "Can see what goods cost the shop")],
                "verbose_name": "SKU",
                "verbose_name_plural": "SKUs",
            },
        ),
    ]
