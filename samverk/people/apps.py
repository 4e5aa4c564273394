from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "samverk.people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from samverk.kit.duties import add_duty
        from samverk.kit.registers import composers, doctors, reversals
        from samverk.people import commands, messages, queries

        composers.add("people.sign_in", messages.compose_sign_in)
        reversals.add("people.restore_person", commands.restore_person)
        doctors.add("people", queries.broken_people)
        add_duty("people.forget_old_sign_ins", 24 * 3600, commands.forget_old_sign_ins)
        self._join_merges()

    def _join_merges(self) -> None:
        from samverk.kit.registers import merge_movers
        from samverk.people import merging

        merge_movers.add("people", merging.part_of_merge)
