from django.apps import AppConfig


class AskingConfig(AppConfig):
    name = "samverk.asking"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # A merge moves registrations, and answers hang on them: nothing is left to move here.
        from samverk.asking import exports, queries
        from samverk.asking.commands import asking, opening
        from samverk.kit.duties import add_duty
        from samverk.kit.registers import doctors, erasures, export_parts, reversals

        reversals.add(asking.UNDO_STOPPING, asking.ask_again)
        add_duty("asking.erase", 3600, opening.erase_protected, is_needed=queries.is_something_to_erase)
        doctors.add("asking", queries.faults)
        erasures.add("asking", opening.forget_answers)
        export_parts.add("asking", exports.part_of_person)
