from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JourneysConfig(AppConfig):
    name = "journeys"
    verbose_name = _("Perimeter and journeys")

    def ready(self) -> None:
        from journeys.map_documents import register_documents
        from journeys.map_lanes import register_lanes

        register_lanes()
        register_documents()
