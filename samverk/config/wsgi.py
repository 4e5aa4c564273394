"""The entry point of the web server."""

import os
import signal
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samverk.config.settings")
application = get_wsgi_application()

from samverk.trail.processes import end_with_parent  # noqa: E402
from samverk.trail.schema import schema_problem  # noqa: E402

# Without this, a web process outlives the one that started it and goes on answering on its port with an old program.
end_with_parent(signal.SIGKILL)

# A web process answers nothing on a schema that does not fit.
if problem := schema_problem():
    print(problem, file=sys.stderr)  # noqa: T201
    raise SystemExit(2)

from django.conf import settings  # noqa: E402
from django.core.exceptions import ImproperlyConfigured  # noqa: E402

if settings.SAMVERK_DEMO:
    from samverk.demo.guard import refuse_unmarked

    # The demo signs in as anybody: it answers on example data only.
    try:
        refuse_unmarked()
    except ImproperlyConfigured as refused:
        print(refused, file=sys.stderr)  # noqa: T201
        raise SystemExit(2) from refused
