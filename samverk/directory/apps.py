from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "samverk.directory"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from samverk.directory import commands
        from samverk.kit.registers import reversals

        reversals.add("directory.restore_organisation", commands.restore_organisation)
        reversals.add("directory.unarchive_organisation", commands.unarchive_organisation)
