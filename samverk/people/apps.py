from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "samverk.people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from samverk.kit.duties import add_duty
        from samverk.kit.registers import composers, doctors, erasures, export_parts, reversals
        from samverk.people import archives, commands, exports, messages, queries

        composers.add("people.sign_in", messages.compose_sign_in)
        reversals.add("people.restore_person", commands.restore_person)
        doctors.add("people", queries.broken_people)
        add_duty("people.forget_old_sign_ins", 24 * 3600, commands.forget_old_sign_ins)
        export_parts.add("people", exports.part_of_person)
        erasures.add("archives", archives.forget_archives)
        add_duty("people.archives", 16, archives.work_on_archives, is_needed=archives.is_an_archive_waiting)
        add_duty("people.remove_old_archives", 6 * 3600, archives.remove_old_archives)
        self._join_merges()

    def _join_merges(self) -> None:
        from samverk.kit.registers import merge_movers
        from samverk.people import merging

        merge_movers.add("people", merging.part_of_merge)
