"""Power cuts while certificates are issued or corrected: each batch is whole, nobody gets two, nothing is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from samverk.certificates.commands.issuing import BATCH, start_issuing, work_on_issuings
from samverk.certificates.commands.revoking import correct_certificate
from samverk.certificates.doctor import findings
from samverk.certificates.models import Certificate, Issuing
from samverk.kit.acting import THE_SHELL
from samverk.post.models import Mail
from tests.activities.test_race import act_and_die, same_database  # noqa: F401
from tests.cast import make_cast
from tests.certificates.courses import a_course, certified, many_people

pytestmark = pytest.mark.django_db(transaction=True)
ACT = """
from samverk.certificates.commands.issuing import *
from samverk.certificates.commands.revoking import *
from samverk.certificates.models import Certificate, Issuing
from samverk.kit.acting import THE_SHELL
"""


def lease_is_over() -> None:
    Issuing.objects.update(leased_until=timezone.now() - timedelta(seconds=1))


@pytest.fixture
def issuing(transactional_db):
    cast = make_cast()
    activity = a_course(cast)
    return start_issuing(activity, many_people(activity, BATCH + 20), by=THE_SHELL)


@pytest.mark.parametrize(
    ("point", "whole"), [("certificates.between_batches", BATCH), ("certificates.in_batch", 0)]
)
def test_killed_in_the_middle_it_goes_on_and_nobody_gets_two(issuing, same_database, point, whole):  # noqa: F811
    act_and_die(point, ACT + f"work_on_issuing(Issuing.objects.get(pk={issuing.pk}))", same_database)
    assert Certificate.objects.count() == whole
    assert Mail.objects.filter(kind="certificates.certificate").count() == whole
    assert work_on_issuings() == 0
    lease_is_over()
    assert work_on_issuings() == 1
    people = Certificate.objects.values_list("person", flat=True)
    assert len(people) == len(set(people)) == BATCH + 20
    assert Mail.objects.filter(kind="certificates.certificate").count() == BATCH + 20
    issuing.refresh_from_db()
    assert issuing.finished_at is not None and issuing.issued == BATCH + 20
    assert findings() == []


def test_killed_while_correcting_the_old_one_still_counts(transactional_db, same_database):  # noqa: F811
    made = certified(make_cast())
    act = f"correct_certificate(Certificate.objects.get(pk={made.pk}), because='Name.', by=THE_SHELL)"
    act_and_die("certificates.correcting", ACT + act, same_database)
    made.refresh_from_db()
    assert not made.is_revoked
    assert Certificate.objects.count() == 1
    assert correct_certificate(made, because="Name.", by=THE_SHELL).replaces == made
