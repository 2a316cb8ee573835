from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardsConfig(AppConfig):
    name = "dashboards"
    verbose_name = _("Dashboard")

    def ready(self) -> None:
        from dashboards.driver_exports import register_driver_documents
        from dashboards.exports import register_documents
        from dashboards.lanes import register_lanes

        register_lanes()
        register_documents()
        register_driver_documents()
