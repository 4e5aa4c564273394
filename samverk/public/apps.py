from django.apps import AppConfig


class PublicConfig(AppConfig):
    name = "samverk.public"
    default_auto_field = "django.db.models.BigAutoField"
