from django.apps import AppConfig


class PaperConfig(AppConfig):
    name = "samverk.paper"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from samverk.kit.duties import add_duty
        from samverk.kit.registers import doctors, reversals
        from samverk.paper import queries
        from samverk.paper.commands import marking, pages, scans

        reversals.add(marking.UNDO_MARKS, marking.undo_marks)
        reversals.add(pages.UNDO_DISCARD, pages.undo_discard)
        add_duty("paper.read", 3, scans.work_on_scans, is_needed=queries.is_a_scan_waiting)
        add_duty("paper.forget", 24 * 3600, pages.forget_discarded)
        doctors.add("paper", queries.paper_faults)
