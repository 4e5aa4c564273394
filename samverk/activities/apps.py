from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "samverk.activities"
    default_auto_field = "django.db.models.BigAutoField"
