"""Sign-in asks nothing here: a person is signed in by the command that checked her code or link."""

from __future__ import annotations

from django.contrib.auth.backends import BaseBackend

from samverk.people.models import Person


class PersonBackend(BaseBackend):
    def get_user(self, user_id: int) -> Person | None:
        person = Person.objects.filter(pk=user_id, is_active=True).first()
        if person and person.merged_into_id:
            return Person.objects.filter(pk=person.merged_into_id, is_active=True).first()
        return person
