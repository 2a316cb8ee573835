from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ObservationsConfig(AppConfig):
    name = "observations"
    verbose_name = _("Observations")

    def ready(self) -> None:
        from journeys.guards import register_guard
        from observations.perimeter_guard import keep_summed_perimeter

        register_guard(keep_summed_perimeter)
