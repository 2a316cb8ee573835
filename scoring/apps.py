from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScoringConfig(AppConfig):
    name = "scoring"
    verbose_name = _("Optimal Experience framework")

    def ready(self) -> None:
        from journeys.copying import register_copier
        from scoring.copying import copy_newest_framework

        register_copier(copy_newest_framework)
