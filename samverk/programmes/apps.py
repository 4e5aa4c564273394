from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "samverk.programmes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from samverk.kit.registers import merge_movers
        from samverk.programmes import merging

        merge_movers.add("programmes", merging.part_of_merge)
        self._join_exports()

    def _join_exports(self) -> None:
        from samverk.kit.registers import export_parts
        from samverk.programmes import exports

        export_parts.add("programmes", exports.part_of_person)
