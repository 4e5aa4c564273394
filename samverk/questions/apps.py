from django.apps import AppConfig


class QuestionsConfig(AppConfig):
    name = "samverk.questions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from samverk.kit.registers import reversals
        from samverk.questions.commands import questions, sets

        reversals.add(questions.UNDO_REMOVING, questions.put_back_question)
        reversals.add(sets.UNDO_ARCHIVING, sets.undo_archiving)
