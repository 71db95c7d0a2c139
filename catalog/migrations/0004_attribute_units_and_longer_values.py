"""Units in two languages; attribute values as long as other shops write them."""

from django.db import migrations, models

import mall.kernel.db.fields
import mall.kernel.db.text


class Migration(migrations.Migration):
    dependencies = [("catalog", "0003_append_only")]

    operations = [
        migrations.RenameField("attributedefinition", "unit", "unit_zh"),
        migrations.AlterField(
            model_name="attributedefinition",
            name="unit_zh",
            field=models.CharField(blank=True, max_length=20, verbose_name="unit (Chinese)"),
        ),
        migrations.AddField(
            model_name="attributedefinition",
            name="unit_en",
            field=models.CharField(blank=True, default="", max_length=20, verbose_name="unit (English)"),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="attributedefinition",
            name="choices",
            field=mall.kernel.db.fields.SafeJSONField(
                blank=True,
                default=list,
                help_text='A list of {"code": .., "zh": .., "en": ..}.',
                verbose_name="choices",
            ),
        ),
        migrations.AlterField(
            model_name="product",
            name="blocks",
            field=mall.kernel.db.fields.SafeJSONField(
                blank=True,
                default=list,
                help_text='A list of {"kind": "point", "title_zh": .., "text_zh": .., "media_id": ..}, in order.',
                verbose_name="detail blocks",
            ),
        ),
        migrations.AlterField(
            model_name="productattribute",
            name="value_en",
            field=models.CharField(blank=True, max_length=320, verbose_name="value (English)"),
        ),
        migrations.AlterField(
            model_name="productattribute",
            name="value_zh",
            field=models.CharField(
                max_length=240,
                validators=[mall.kernel.db.text.refuse_unsafe_text],
                verbose_name="value (Chinese)",
            ),
        ),
    ]
