from django.apps import AppConfig


class PostConfig(AppConfig):
    name = "samverk.post"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from samverk.kit.duties import add_duty
        from samverk.kit.registers import doctors, vital_signs
        from samverk.post import commands, queries

        add_duty("post.send_due", 2, commands.send_due, is_needed=queries.is_mail_due)
        add_duty("post.erase_bodies", 24 * 3600, commands.erase_bodies)
        doctors.add("post", queries.stuck_mails)
        vital_signs.add("mail", queries.mail_sign)
        self._join_merges()

    def _join_merges(self) -> None:
        from samverk.kit.registers import merge_movers
        from samverk.post import merging

        merge_movers.add("post", merging.part_of_merge)
