from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "samverk.office"
    default_auto_field = "django.db.models.BigAutoField"
