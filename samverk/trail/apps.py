from django.apps import AppConfig


class TrailConfig(AppConfig):
    name = "samverk.trail"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from samverk.kit.duties import add_duty
        from samverk.kit.registers import doctors, vital_signs
        from samverk.trail import commands, health, limits, queries

        add_duty("trail.forget_addresses", 24 * 3600, commands.forget_addresses)
        add_duty("trail.forget_old_counts", 3600, limits.forget_old_counts)
        add_duty("trail.forget_undo_facts", 300, commands.forget_undo_facts)
        doctors.add("trail", queries.clock_faults)
        vital_signs.add("schema", health.schema)
        vital_signs.add("clock", health.clock)
