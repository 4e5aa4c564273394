"""Root addresses: public and portal begin with the language, the office does not."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

urlpatterns = [
    path("", include("samverk.kit.urls")),
    path("l/", include("samverk.public.live_urls")),
    path("office/", include("samverk.office.urls")),
    path("", include("samverk.public.badge_urls")),
    *i18n_patterns(
        path("", include("samverk.portal.urls")),
        path("", include("samverk.public.urls")),
    ),
]
if settings.SAMVERK_DEMO:
    urlpatterns.insert(0, path("demo/", include("samverk.demo.urls")))

handler400 = "samverk.kit.errors.bad_request"
handler403 = "samverk.kit.errors.forbidden"
handler404 = "samverk.kit.errors.not_found"
handler500 = "samverk.kit.errors.server_error"
