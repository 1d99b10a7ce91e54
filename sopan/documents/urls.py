from django.urls import path

from . import key_views, views

urlpatterns = [
    path("akun/sertifikat/", key_views.keys, name="signing-keys"),
    path("v/", views.check, name="verify-check"),
    path("v/<str:token>/", views.verify, name="verify"),
    path("dokumen/<int:pk>/", views.download, name="document-download"),
    path("dokumen/<int:pk>/baca/", views.read, name="document-read"),
]
