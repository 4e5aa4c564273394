from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "samverk.programmes"
    default_auto_field = "django.db.models.BigAutoField"
