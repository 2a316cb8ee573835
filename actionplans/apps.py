from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActionplansConfig(AppConfig):
    name = "actionplans"
    verbose_name = _("Action plan")

    def ready(self) -> None:
        from actionplans.lanes import register_lanes

        register_lanes()
