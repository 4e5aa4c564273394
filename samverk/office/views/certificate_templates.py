"""How certificates look: the programme's template with a preview beside it, and the words about an activity."""

from __future__ import annotations

import base64
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST

from samverk.activities.completion import Share
from samverk.activities.models import Activity
from samverk.activities.presences import planned_minutes_of
from samverk.certificates.commands.templates import (
    TEXT_FIELDS,
    add_signatory,
    end_signatory,
    save_activity_texts,
    save_template,
)
from samverk.certificates.documents import preview_document
from samverk.certificates.models import ActivityText, CertificateTemplate, Signatory, TemplateText
from samverk.certificates.permissions import may_edit_template, may_issue_certificates
from samverk.certificates.wording import (
    MOST_SIGNATORIES,
    certificate_facts,
    draft_frame,
    signatories_of,
    text_of,
)
from samverk.kit import flash
from samverk.kit.acting import Refusal, actor_of
from samverk.kit.choices import Language
from samverk.office.forms.certificates import ActivityWordsForm, LookForm, SignatoryForm, WordsForm
from samverk.office.views.activities import activity_of
from samverk.office.views.programmes import programme_of
from samverk.programmes.models import Programme

# Invented, so that a preview shows nobody's name.
EXAMPLE_NAME = "Łucja Åkesson"


def _programme(request: HttpRequest, code: str) -> Programme:
    found = programme_of(request, code)
    if not may_edit_template(request.user, found):
        raise PermissionDenied
    return found


def _language(request: HttpRequest, programme: Programme) -> str:
    wanted = request.POST.get("language") or request.GET.get("language", "")
    return wanted if wanted in Language.values else programme.language


def _template(programme: Programme) -> CertificateTemplate:
    found = CertificateTemplate.objects.filter(programme=programme).first()
    return found or CertificateTemplate(programme=programme)


def _usual(language: str) -> dict[str, str]:
    """Our own words, shown where a field is left empty."""
    with override(language):
        return {"heading": _("Certificate"), "statement": _("has completed")}


def certificate_template(request: HttpRequest, code: str) -> HttpResponse:
    """Words and signatures, with a picture of what comes of it."""
    found = _programme(request, code)
    language, look, text = _forms(request, found)
    if request.method == "POST" and look.is_valid() and text.is_valid():
        words = {name: text.cleaned_data[name] for name in TEXT_FIELDS}
        save_template(found, look=look.cleaned_data, texts={language: words}, by=actor_of(request))
        flash.tell(request, _("The certificate is saved. What is issued already stays as it is."))
        return redirect(f"{reverse('office:certificate_template', args=[code])}?language={language}")
    status = 422 if request.method == "POST" else 200
    return _edit(request, found, language, status=status, look=look, text=text)


def _forms(request: HttpRequest, found: Programme, sent: Any = None) -> tuple[str, LookForm, WordsForm]:
    language, template = _language(request, found), _template(found)
    sent = request.POST if request.method == "POST" and sent is None else sent or None
    text = WordsForm(sent, instance=text_of(template, language), usual=_usual(language), prefix="text")
    return language, LookForm(sent, instance=template), text


def _edit(
    request: HttpRequest,
    found: Programme,
    language: str,
    *,
    status: int = 200,
    picture: str = "",
    **forms: Any,
) -> HttpResponse:
    template = _template(found)
    signatories = signatories_of(template)
    signatory = forms.pop("signatory", None)
    wrong = next((form for form in (signatory, *forms.values()) if form is not None and form.errors), None)
    context = {
        "programme": found, **forms, "form": wrong, "signatory_form": signatory or SignatoryForm(),
        "signatories": signatories, "may_add": len(signatories) < MOST_SIGNATORIES, "language": language,
        "tabs": _language_tabs(reverse("office:certificate_template", args=[found.code]), language),
        "picture": picture or _preview_picture(found, template, text_of(template, language)),
    }  # fmt: skip
    return render(request, "office/certificates/template.html", context, status=status)


def _language_tabs(address: str, here: str) -> list[dict[str, Any]]:
    return [
        {"text": name, "href": f"{address}?language={key}", "count": None, "here": key == here}
        for key, name in Language.choices
    ]


@require_POST
def certificate_preview(request: HttpRequest, code: str) -> HttpResponse:
    """What the form as it stands would give, as a picture or as PDF. Nothing is saved."""
    found = _programme(request, code)
    language, look, text = _forms(request, found)
    if not look.is_valid() or not text.is_valid():
        return _edit(request, found, language, status=422, look=look, text=text)
    template, words = look.save(commit=False), text.save(commit=False)
    if "pdf" in request.POST:
        content = preview_document(found, _example(found, template, words))
        response = HttpResponse(content, content_type="application/pdf")
        response["Content-Disposition"] = content_disposition_header(True, f"{found.code}.pdf")
        return response
    picture = _preview_picture(found, template, words)
    if request.headers.get("HX-Request"):
        return render(request, "office/certificates/template.html#preview", {"picture": picture})
    return _edit(request, found, language, picture=picture, look=look, text=text)


def _preview_picture(programme: Programme, template: CertificateTemplate, text: TemplateText) -> str:
    """A PNG as an address that a page may carry in itself."""
    content = preview_document(programme, _example(programme, template, text), as_picture=True)
    return f"data:image/png;base64,{base64.b64encode(content).decode()}"


def _example(programme: Programme, template: CertificateTemplate, text: TemplateText) -> dict[str, Any]:
    """The facts of a certificate of the newest activity, with an invented name and four fifths of its time."""
    newest = Activity.objects.filter(programme=programme, sessions__isnull=False).order_by("-pk").first()
    about = None
    if newest:
        about = ActivityText.objects.filter(activity=newest, language=text.language).first()
    activity = newest or Activity(programme=programme, title=programme.name, language=programme.language)
    about = about or ActivityText(language=text.language)
    planned = planned_minutes_of(newest.pk) if newest else 0
    share = Share(int(planned * Decimal("0.8")), planned)
    frame = draft_frame(activity, template, text, about)
    today = timezone.localdate()
    return certificate_facts(frame, name=EXAMPLE_NAME, share=share, number="X" * 11, day=today)


@require_POST
def signatory_add(request: HttpRequest, code: str) -> HttpResponse:
    found = _programme(request, code)
    form = SignatoryForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            add_signatory(
                found, form.cleaned_data["name"], form.cleaned_data["title"], by=actor_of(request),
                file=file, file_name=file.name if file else "",
            )  # fmt: skip
        except Refusal as no:
            form.add_error(no.field if no.field in form.fields else None, str(no.reason))
        else:
            said = {"name": form.cleaned_data["name"]}
            flash.tell(request, _("%(name)s signs the certificates from now on.") % said)
            return redirect("office:certificate_template", code)
    language, look, text = _forms(request, found, {})
    return _edit(request, found, language, status=422, look=look, text=text, signatory=form)


@require_POST
def signatory_end(request: HttpRequest, code: str, signatory: int) -> HttpResponse:
    found = _programme(request, code)
    one = get_object_or_404(Signatory, pk=signatory, template__programme=found)
    end_signatory(one, by=actor_of(request))
    flash.tell(request, _("%(name)s signs no further certificates.") % {"name": one.name})
    return redirect("office:certificate_template", code)


def certificate_texts(request: HttpRequest, code: str) -> HttpResponse:
    """The title and the contents of one activity, in each language somebody needs."""
    found = activity_of(request, code)
    if not may_issue_certificates(request.user, found):
        raise PermissionDenied
    language = _language(request, found.programme)
    about = ActivityText.objects.filter(activity=found, language=language).first()
    usual = {"title": found.title, "contents": "\n".join(_session_titles(found))}
    form = ActivityWordsForm(request.POST or None, instance=about, usual=usual)
    if request.method == "POST" and form.is_valid():
        save_activity_texts(found, {language: form.cleaned_data}, by=actor_of(request))
        flash.tell(request, _("Saved. Certificates that are issued from now on say this."))
        return redirect("office:certificates", code)
    address = reverse("office:certificate_texts", args=[code])
    context = {
        "activity": found, "programme": found.programme, "form": form, "language": language,
        "tabs": _language_tabs(address, language),
    }  # fmt: skip
    return render(request, "office/certificates/texts.html", context, status=422 if form.errors else 200)


def _session_titles(found: Activity) -> list[str]:
    titles = found.sessions.exclude(title="").order_by("starts_at").values_list("title", flat=True)
    return list(dict.fromkeys(titles))
