from django.apps import AppConfig


class MailingsConfig(AppConfig):
    name = "samverk.mailings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from samverk.kit.duties import add_duty
        from samverk.kit.registers import composers, reversals
        from samverk.mailings import commands, messages, reminding
        from samverk.mailings.choices import LETTER, TEST

        composers.add(LETTER, messages.compose_letter)
        composers.add(TEST, messages.compose_test)
        composers.add(reminding.KIND, reminding.compose_reminder)
        reversals.add(commands.UNDO_SENDING, commands.undo_sending)
        add_duty("mailings.remind", 600, reminding.remind_of_sessions, is_needed=reminding.is_a_reminder_due)
