from django.apps import AppConfig


class PollsConfig(AppConfig):
    name = "samverk.polls"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from samverk.kit.duties import add_duty
        from samverk.kit.registers import composers, merge_movers, reversals
        from samverk.polls import commands, merging, messages
        from samverk.polls.choices import ASKED, DECIDED, REMINDED

        composers.add(ASKED, messages.compose_question)
        composers.add(REMINDED, messages.compose_question)
        composers.add(DECIDED, messages.compose_decision)
        reversals.add(commands.UNDO_CHOOSING, commands.undo_choosing)
        merge_movers.add("polls", merging.part_of_merge)
        add_duty("polls.remind", 900, commands.remind_voices)
