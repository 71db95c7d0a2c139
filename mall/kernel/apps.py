from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KernelConfig(AppConfig):
    name = "mall.kernel"
    label = "kernel"
    verbose_name = _("Platform")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.conf import settings

        import mall.celery  # noqa: F401 - shared tasks of every process go to our broker, not to amqp
        from mall.kernel import failpoints, monitor, notify
        from mall.kernel.invariants import telling

        failpoints.refuse_in_production(is_demo=settings.DEMO)
        notify.register(*telling.TEMPLATES)
        monitor.connect()
