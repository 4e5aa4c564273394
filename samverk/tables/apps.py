from django.apps import AppConfig


class TablesConfig(AppConfig):
    name = "samverk.tables"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from samverk.kit.registers import reversals
        from samverk.tables.commands import notes, plans

        reversals.add(plans.UNDO_SEATS, plans.undo_seats)
        reversals.add(notes.UNDO_PHOTO, notes.undo_removing)
