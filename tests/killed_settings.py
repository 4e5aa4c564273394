"""For a process that a test starts and kills: the product's settings on the database of that test."""

import os

from samverk.config.settings import *  # noqa: F403
from samverk.config.settings import DATABASES

DATABASES["default"]["NAME"] = os.environ["KILLED_DATABASE"]
