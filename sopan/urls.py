"""All addresses. This list and INSTALLED_APPS are the only two that name every domain."""

from django.urls import include, path

handler400 = "sopan.ui.troubles.bad_request"
handler500 = "sopan.ui.troubles.server_error"
urlpatterns = [
    path("", include("sopan.people.urls")),  # before allauth, some pages of which it closes
    path("akun/", include("allauth.urls")),
    path("", include("sopan.ui.urls")),
    path("", include("sopan.documents.urls")),
    path("", include("sopan.domains.orders.urls")),
    path("laboratorium/", include("sopan.domains.laboratory.urls")),
    path("pengujian/", include("sopan.domains.testing.urls")),
    path("", include("sopan.web.urls")),
]
