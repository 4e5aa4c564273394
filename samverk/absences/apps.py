from django.apps import AppConfig


class AbsencesConfig(AppConfig):
    name = "samverk.absences"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # A merge moves registrations, and excuses hang on them: nothing is left to move here.
        from samverk.absences import commands, exports, queries
        from samverk.kit.registers import doctors, erasures, export_parts, reversals

        reversals.add(commands.UNDO_EXCUSING, commands.undo_deciding)
        doctors.add("absences", queries.faults)
        erasures.add("absences", commands.forget_excuses)
        export_parts.add("absences", exports.part_of_person)
