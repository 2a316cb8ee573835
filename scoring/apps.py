from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScoringConfig(AppConfig):
    name = "scoring"
    verbose_name = _("Optimal Experience framework")

    def ready(self) -> None:
        from journeys.copying import register_copier
        from journeys.guards import register_guard
        from scoring.copying import copy_newest_framework
        from scoring.touchpoint_guard import keep_stage_of_framed_touchpoints

        register_copier(copy_newest_framework)
        register_guard(keep_stage_of_framed_touchpoints)
