from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "samverk.activities"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from samverk.activities import invitation_messages, messages, notices, queries, sheet_queries
        from samverk.activities.commands import activities, attendance, registrations, sessions, waiting_list
        from samverk.kit.duties import add_duty
        from samverk.kit.registers import composers, doctors, reversals

        composers.add(messages.KIND, messages.compose)
        composers.add(invitation_messages.KIND, invitation_messages.compose_invitation)
        reversals.add(registrations.UNDO, registrations.restore_registration)
        add_duty("activities.release_held", 30, waiting_list.release_held, is_needed=queries.is_a_hold_over)
        add_duty(
            "activities.expire_offers", 30, waiting_list.expire_offers, is_needed=queries.is_an_offer_over
        )
        doctors.add("registrations", queries.registration_faults)
        composers.add(notices.SESSION_MOVED, notices.compose_session_notice)
        composers.add(notices.SESSION_CANCELLED, notices.compose_session_notice)
        composers.add(notices.ACTIVITY_CANCELLED, notices.compose_activity_notice)
        reversals.add(attendance.UNDO_MARK, attendance.undo_mark)
        reversals.add(attendance.UNDO_REST, attendance.undo_rest)
        reversals.add(attendance.UNDO_CLOSING, attendance.undo_closing)
        reversals.add(sessions.UNDO_MOVING, sessions.undo_moving)
        reversals.add(sessions.UNDO_CANCELLING, sessions.undo_cancelling)
        reversals.add(activities.UNDO_PUBLISHING, activities.undo_publishing)
        reversals.add(activities.UNDO_CANCELLING, activities.undo_cancelling)
        doctors.add("sheets", sheet_queries.sheet_faults)
        self._join_merges()
        self._join_exports()

    def _join_merges(self) -> None:
        from samverk.activities import merging
        from samverk.kit.registers import merge_movers

        merge_movers.add("activities", merging.part_of_merge)

    def _join_exports(self) -> None:
        from samverk.activities import exports
        from samverk.kit.registers import export_parts

        export_parts.add("activities", exports.part_of_person)
