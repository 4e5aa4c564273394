from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "samverk.ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from samverk.kit.registers import attendance_guards, composers, doctors
        from samverk.ledger import doctor, messages, tasks
        from samverk.ledger.guard import guard

        attendance_guards.add("ledger", guard)
        composers.add("ledger.statement", messages.compose_statement)
        composers.add("ledger.statement_reminder", messages.compose_statement)
        composers.add("ledger.statement_again", messages.compose_statement)
        composers.add("ledger.statement_copy", messages.compose_copy)
        composers.add("ledger.countersign", messages.compose_countersign)
        doctors.add("ledger", doctor.findings)
        tasks.add_duties()
        self._join_merges()
        self._join_exports()

    def _join_merges(self) -> None:
        from samverk.kit.registers import merge_movers
        from samverk.ledger import merging

        merge_movers.add("ledger", merging.part_of_merge)

    def _join_exports(self) -> None:
        from samverk.kit.registers import export_parts
        from samverk.ledger import exports

        export_parts.add("ledger", exports.part_of_person)
