from django.apps import AppConfig


class AdjustmentsConfig(AppConfig):
    name = "samverk.adjustments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # A merge moves registrations, and requests hang on them: nothing is left to move here.
        from samverk.adjustments import choices, commands, exports, messages
        from samverk.kit.duties import add_duty
        from samverk.kit.registers import composers, erasures, export_parts

        add_duty("adjustments.erase", 24 * 3600, commands.erase_requests)
        composers.add(choices.ANSWERED, messages.compose_answered)
        erasures.add("adjustments", commands.forget_requests)
        export_parts.add("adjustments", exports.part_of_person)
