from django.apps import AppConfig


class AgendaConfig(AppConfig):
    name = "samverk.agenda"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from samverk.agenda import merging, messages, queries
        from samverk.agenda.commands import agendas, imports, items
        from samverk.kit.duties import add_duty
        from samverk.kit.registers import composers, doctors, merge_movers, reversals

        composers.add(messages.ASKED, messages.compose_asked)
        composers.add(messages.MOVED, messages.compose_moved)
        reversals.add(agendas.UNDO_PUBLISHING, agendas.undo_publishing)
        reversals.add(agendas.UNDO_WITHDRAWING, agendas.undo_withdrawing)
        reversals.add(items.UNDO_MOVING, items.undo_moving)
        reversals.add(items.UNDO_REMOVING, items.undo_removing)
        merge_movers.add("agenda", merging.part_of_merge)
        doctors.add("agenda", queries.agenda_faults)
        add_duty(
            "agenda.write_imports", 15, imports.write_waiting_imports, is_needed=imports.is_an_import_waiting
        )
        add_duty("agenda.forget_imports", 24 * 3600, imports.forget_imports)
