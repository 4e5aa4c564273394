from django.apps import AppConfig


class RemoteConfig(AppConfig):
    name = "samverk.remote"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from samverk.kit.duties import add_duty
        from samverk.kit.registers import reversals
        from samverk.remote import commands

        reversals.add(commands.UNDO_MARKS, commands.undo_marks)
        add_duty("remote.forget_lists", 24 * 3600, commands.forget_lists)
