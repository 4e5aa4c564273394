"""For the doctor: content that was altered, chains that are broken, work that stands still, bits that say otherwise."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from samverk.certificates.models import Certificate, Issuing
from samverk.certificates.wording import digest_of

STUCK_AFTER = timedelta(minutes=15)


def findings() -> list[str]:
    faults = []
    for one in Certificate.objects.exclude(facts={}).only("code", "facts", "digest").iterator():
        if digest_of(one.facts) != one.digest:
            faults.append(f"certificate {one.code}: its content is not what was issued")
    broken = Certificate.objects.filter(replaces__isnull=False, replaces__revoked_at=None)
    faults += [
        f"certificate {code} replaces one that still counts" for code in broken.values_list("code", flat=True)
    ]
    old = timezone.now() - STUCK_AFTER
    stuck = Issuing.objects.filter(finished_at=None, started_at__lt=old).exclude(
        leased_until__gt=timezone.now()
    )
    faults += [f"issuing {one.code} stands still: {one.done} of {one.total}" for one in stuck]
    return faults
