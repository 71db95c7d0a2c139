from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnalyticsConfig(AppConfig):
    name = "analytics"
    verbose_name = _("Analytics")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from analytics import subscribers, tagging
        from analytics.messages import CARE
        from mall.kernel import notify

        notify.register(*CARE.values())
        subscribers.connect()
        tagging.connect()
