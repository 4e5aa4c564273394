"""Answering an evaluation by personal link, without an account. Opening the link changes nothing."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from samverk.evaluation.choices import LINK
from samverk.evaluation.commands.answering import answer_evaluation
from samverk.evaluation.models import Invitation
from samverk.evaluation.rules import answering_refusal
from samverk.kit.acting import Refusal
from samverk.kit.codes import read_link
from samverk.questions.forms import form_of
from samverk.questions.queries import questions_of
from samverk.questions.wording import page_language


def _invitation(token: str) -> Invitation:
    read = read_link(LINK, token)
    related = Invitation.objects.select_related("evaluation__activity__programme", "evaluation__question_set")
    found = related.filter(pk=read[0], link_version=read[1]).first() if read else None
    if found is None:
        raise Http404
    return found


@login_not_required
def evaluation(request: HttpRequest, token: str) -> HttpResponse:
    """The questions in the reader's language; afterwards, thanks."""
    invitation = _invitation(token)
    asked = invitation.evaluation
    refusal = answering_refusal(asked, invitation, timezone.localdate())
    context = {"evaluation": asked, "activity": asked.activity, "refusal": refusal}
    if refusal:
        return render(request, "portal/evaluations/over.html", context)
    form = form_of(
        questions_of(asked.question_set),
        page_language(),
        data=request.POST if request.method == "POST" else None,
    )
    if request.method == "POST" and form.is_valid():
        if not form.answers:
            form.add_error(None, _("Answer at least one question."))
        else:
            try:
                answer_evaluation(invitation, form.answers)
            except Refusal as no:
                form.add_error(no.field if no.field in form.fields else None, str(no.reason))
            else:
                return redirect("portal:evaluation", token)
    context["form"] = form
    return render(request, "portal/evaluations/answer.html", context, status=422 if form.errors else 200)
