from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "samverk.portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from samverk.kit.registers import office_workers
        from samverk.programmes.permissions import is_in_a_team

        office_workers.add("programmes", is_in_a_team)
