"""Code lists that every floor may need: languages people write and read in, countries we run in."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Language(models.TextChoices):
    SWEDISH = "sv", "Svenska"
    POLISH = "pl", "Polski"
    ENGLISH = "en", "English"
    GERMAN = "de", "Deutsch"
    NORWEGIAN = "nb", "Norsk"


class Country(models.TextChoices):
    SWEDEN = "SE", _("Sweden")
    POLAND = "PL", _("Poland")
    GERMANY = "DE", _("Germany")
    NORWAY = "NO", _("Norway")
    BRITAIN = "GB", _("United Kingdom")
    OTHER = "XX", _("Another country")
