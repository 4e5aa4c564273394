from django.apps import AppConfig


class PostConfig(AppConfig):
    name = "samverk.post"
    default_auto_field = "django.db.models.BigAutoField"
