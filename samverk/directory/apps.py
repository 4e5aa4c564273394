from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "samverk.directory"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from samverk.directory import commands, venue_commands
        from samverk.directory.doubting import find_doubtful_pairs
        from samverk.directory.importing import working
        from samverk.kit.duties import add_duty
        from samverk.kit.registers import doctors, reversals

        reversals.add("directory.restore_organisation", commands.restore_organisation)
        reversals.add("directory.unarchive_organisation", commands.unarchive_organisation)
        reversals.add(venue_commands.UNDO_VENUE, venue_commands.unarchive_venue)
        reversals.add(venue_commands.UNDO_ROOM, venue_commands.unarchive_room)
        doctors.add("imports", working.import_faults)
        # Not among the duties asked for often: a long list must not stand in the way of mail.
        add_duty("directory.imports", 16, working.work_on_imports, is_needed=working.is_an_import_waiting)
        add_duty("directory.forget_import_files", 24 * 3600, working.forget_files)
        add_duty("directory.find_doubtful_pairs", 3600, find_doubtful_pairs)
        self._join_exports()

    def _join_exports(self) -> None:
        from samverk.directory import exports
        from samverk.kit.registers import export_parts

        export_parts.add("directory", exports.part_of_person)
