from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "samverk.reporting"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from samverk.kit.registers import doctors, erasures
        from samverk.reporting import commands, doctor

        doctors.add("reporting", doctor.findings)
        erasures.add("reporting", commands.forget_keys)
