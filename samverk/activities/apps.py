from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "samverk.activities"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from samverk.activities import messages, queries
        from samverk.activities.commands import registrations, waiting_list
        from samverk.kit.duties import add_duty
        from samverk.kit.registers import composers, doctors, reversals

        composers.add(messages.KIND, messages.compose)
        reversals.add(registrations.UNDO, registrations.restore_registration)
        add_duty("activities.release_held", 30, waiting_list.release_held, is_needed=queries.is_a_hold_over)
        add_duty("activities.expire_offers", 30, waiting_list.expire_offers, is_needed=queries.is_an_offer_over)
        doctors.add("registrations", queries.registration_faults)
