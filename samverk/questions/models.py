from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samverk.kit.choices import Language
from samverk.kit.codes import CodeField, new_code
from samverk.programmes.models import Programme
from samverk.questions.choices import AskedPer, QuestionKind, SetKind

LONGEST_SHORT, LONGEST_LONG = 300, 5_000
SCALE = (1, 5)


class QuestionSet(models.Model):
    """Questions under a name, of a programme or, without one, of the centre.

    A set that has answers is never changed: it is copied, and the copy takes its place (``replaced_by``).
    """

    trail_values = ("kind", "version", "language")

    code = CodeField()
    programme = models.ForeignKey(
        Programme, null=True, blank=True, on_delete=models.PROTECT, related_name="question_sets"
    )
    kind = models.CharField(_("what it is for"), max_length=12, choices=SetKind)
    name = models.CharField(_("name"), max_length=120)
    # The language its texts are written in first; a reader without her own language sees this one.
    language = models.CharField(_("language"), max_length=2, choices=Language)
    version = models.PositiveIntegerField(default=1)
    # Offered in lists for further use; else it was made for one activity.
    is_shared = models.BooleanField(default=True)
    # The key of the shipped set it was made from, if any.
    shipped_key = models.CharField(max_length=60, blank=True)
    # When the first answer came in: from then on the set is copied instead of changed.
    answered_at = models.DateTimeField(null=True, blank=True)
    replaced_by = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaces"
    )
    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                models.F("kind"),
                # SQLite holds two NULLs for different; no programme has the number 0.
                Coalesce("programme", 0),
                models.F("name"),
                condition=models.Q(replaced_by=None, archived_at=None, is_shared=True),
                name="question_set_name_once",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope(self) -> str:
        """Where the trail keeps what happens to it; sets of the centre stand with the shared directory."""
        return self.programme.scope if self.programme else "directory"

    @property
    def is_frozen(self) -> bool:
        return self.answered_at is not None


class Question(models.Model):
    """One question. Its ``key`` stays through copies, so that answers of several versions can be put together."""

    trail_values = ("kind", "position", "is_required", "asked_per", "is_sensitive")

    code = CodeField()
    question_set = models.ForeignKey(QuestionSet, on_delete=models.CASCADE, related_name="questions")
    key = models.CharField(max_length=40, default=new_code)
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(_("kind of answer"), max_length=8, choices=QuestionKind)
    is_required = models.BooleanField(_("must be answered"), default=False)
    asked_per = models.CharField(_("who answers"), max_length=12, choices=AskedPer, default=AskedPer.PERSON)
    # Allergies, access needs: read only by the roles named, each reading logged, erased after the activity.
    is_sensitive = models.BooleanField(_("protected"), default=False)
    # Roles of the team that read the answers; the protected ones and no other where it is protected.
    seen_by = models.JSONField(default=list, blank=True)
    # Per language: {"sv": "…", "en": "…"}.
    texts = models.JSONField(default=dict)
    hints = models.JSONField(default=dict, blank=True)
    # [{"key": "a", "texts": {"sv": "…"}}]; of a scale the words of its lowest and its highest step.
    options = models.JSONField(default=list, blank=True)
    # Bounds of a number, steps of a scale.
    least = models.IntegerField(_("lowest"), null=True, blank=True)
    most = models.IntegerField(_("highest"), null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["question_set", "key"], name="question_key_once"),
            models.CheckConstraint(
                condition=models.Q(least=None) | models.Q(most=None) | models.Q(least__lt=models.F("most")),
                name="question_bounds_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def steps(self) -> range:
        """The steps of a scale, 1 to 5 where nothing else is said."""
        least = SCALE[0] if self.least is None else self.least
        most = SCALE[1] if self.most is None else self.most
        return range(least, most + 1)

    @property
    def option_keys(self) -> list[str]:
        return [option["key"] for option in self.options]
