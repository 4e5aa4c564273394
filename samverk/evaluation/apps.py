from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "samverk.evaluation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from samverk.evaluation import inviting, messages
        from samverk.evaluation.choices import INVITED
        from samverk.kit.duties import add_duty
        from samverk.kit.registers import composers

        composers.add(INVITED, messages.compose_invitation)
        add_duty("evaluation.invite", 600, inviting.invite_and_close, is_needed=inviting.is_something_due)
