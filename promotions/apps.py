from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PromotionsConfig(AppConfig):
    name = "promotions"
    verbose_name = _("Promotions")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from mall.kernel import notify
        from mall.kernel.caching import CONTENT, register_edges
        from promotions import messages, subscribers
        from promotions.selectors.edges import content_edge

        notify.register(*messages.TEMPLATES)
        subscribers.connect()
        register_edges(CONTENT, content_edge, tags=[CONTENT])
