"""5,000 registrations as CSV and as XLSX, streamed."""

from __future__ import annotations

from benchmarks.installation import Browser, empty_installation, measured, said


def main() -> int:
    with empty_installation():
        from django.urls import reverse

        from samverk.activities.choices import RegistrationState
        from samverk.activities.models import Registration
        from tests.cast import make_activity, make_cast

        cast = make_cast()
        activity, _session = make_activity(cast.programme, capacity=None)
        Registration.objects.bulk_create(
            Registration(
                activity=activity, given_name=f"Given {n}", family_name=f"Family {n}", email=f"p{n}@example.org",
                organisation_typed="Båtlaget", language="sv", state=RegistrationState.CONFIRMED,
            )
            for n in range(5000)
        )  # fmt: skip
        office = Browser(cast.coordinator)
        for form, allowed in (("csv", "at most 300 ms"), ("xlsx", "at most 1000 ms")):
            address = reverse(f"office:registrations_{form}", kwargs={"code": activity.code})
            said(
                f"5,000 registrations as {form}",
                measured(lambda a=address: office.get(a), times=5),
                allowed,
            )
    return 0
