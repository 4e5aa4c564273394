"""States of scans and their pages, and why a page waits for a person."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

MOST_BYTES = 50 * 1024 * 1024
MOST_PAGES = 100
# A page that stops its reader this often is left to people.
MOST_ATTEMPTS = 3


class PageState(models.TextChoices):
    UNREAD = "unread", _("Not read yet")
    FILED = "filed", _("Filed")
    TRAY = "tray", _("Waits for a person")
    DISCARDED = "discarded", _("Thrown away")


class Why(models.TextChoices):
    """Why a page lies in the tray."""

    NO_CODE = "no_code", _("No code could be read")
    BLANK = "blank", _("It looks blank")
    SEVERAL = "several", _("There are codes of several pages on it")
    ELSEWHERE = "elsewhere", _("Its code belongs to no session you work with")
    REFUSED = "refused", _("It may not be filed")
    WITHDRAWN = "withdrawn", _("It was filed at a wrong place")
    BROKEN = "broken", _("The page cannot be shown")
