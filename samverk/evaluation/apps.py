from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "samverk.evaluation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # A merge moves registrations, and invitations hang on them: nothing is left to move here.
        from samverk.evaluation import inviting, messages, named
        from samverk.evaluation.choices import INVITED
        from samverk.kit.duties import add_duty
        from samverk.kit.registers import composers, doctors, erasures, export_parts

        composers.add(INVITED, messages.compose_invitation)
        add_duty("evaluation.invite", 600, inviting.invite_and_close, is_needed=inviting.is_something_due)
        export_parts.add("evaluation", named.part_of_person)
        erasures.add("evaluation", named.forget_answers)
        doctors.add("evaluation", named.faults)
