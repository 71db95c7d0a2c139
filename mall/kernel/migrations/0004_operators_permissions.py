"""What operators may do with the machinery: run a timer, try a dead event again."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("kernel", "0003_append_only")]

    operations = [
        migrations.AlterModelOptions(
            name="outboxevent",
            options={
                "verbose_name": "outbox event",
                "verbose_name_plural": "outbox events",
                "permissions": [("retry_outboxevent", "Can try a given-up event again")],
            },
        ),
        migrations.AlterModelOptions(
            name="taskrun",
            options={
                "verbose_name": "task run",
                "verbose_name_plural": "task runs",
                "permissions": [("run_task", "Can run a timed task now")],
            },
        ),
    ]
