"""Files arrive as a browser sends them: with the check against forgery on, which reads the form before the view."""

from __future__ import annotations

import json

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from samverk.directory.models import Import
from samverk.people.models import Device


def _browser(person) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    Device.objects.create(person=person, session_key=client.session.session_key)
    return client


def _token(client: Client, address: str) -> str:
    page = client.get(address).content.decode()
    return page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]


def test_a_list_uploaded_by_a_browser_is_read(cast):
    client = _browser(cast.coordinator)
    token = _token(client, reverse("office:imports"))
    file = SimpleUploadedFile("list.csv", b"Namn;Ort\nKlubben;Lund\n")
    answer = client.post(reverse("office:import_create"), {"csrfmiddlewaretoken": token, "file": file})
    assert answer.status_code == 302
    assert Import.objects.get().file_name == "list.csv"


def test_a_batch_of_marks_is_json_and_anything_else_is_said_to_be_unreadable(cast):
    client = _browser(cast.coordinator)
    address = reverse("office:attendance_marks", args=[cast.session.code])
    token = _token(client, reverse("office:attendance", args=[cast.session.code]))
    batch = json.dumps({"device": "phone", "marks": []})
    sent = client.post(address, batch, content_type="application/json", headers={"X-CSRFToken": token})
    assert sent.status_code == 200
    assert client.post(address, {"csrfmiddlewaretoken": token, "marks": "x"}).status_code == 400


def test_a_sign_no_database_holds_is_refused_before_it_is_asked(cast):
    client = _browser(cast.coordinator)
    assert client.get(reverse("office:organisations") + "?q=a%00b").status_code == 400
