from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "samverk.certificates"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from samverk.certificates import doctor, merging, messages
        from samverk.certificates.commands import forgetting, issuing
        from samverk.kit.duties import add_duty
        from samverk.kit.registers import composers, doctors, erasures, merge_movers

        composers.add(messages.KIND, messages.compose)
        add_duty("certificates.issue", 3, issuing.work_on_issuings, is_needed=issuing.is_an_issuing_waiting)
        doctors.add("certificates", doctor.findings)
        erasures.add("certificates", forgetting.forget_certificates)
        merge_movers.add("certificates", merging.part_of_merge)
        self._join_exports()

    def _join_exports(self) -> None:
        from samverk.certificates import exports
        from samverk.kit.registers import export_parts

        export_parts.add("certificates", exports.part_of_person)
