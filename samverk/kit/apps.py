from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "samverk.kit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from samverk.kit.search import mend_indexes

        post_migrate.connect(mend_indexes, dispatch_uid="kit.search")
