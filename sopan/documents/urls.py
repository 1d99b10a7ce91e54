from django.urls import path

from . import key_views, signing_views, views

urlpatterns = [
    path("akun/sertifikat/", key_views.keys, name="signing-keys"),
    path("tanda-tangan/", signing_views.signing, name="signing"),
    path("tanda-tangan/<int:pk>/baca/", signing_views.read, name="signing-read"),
    path("tanda-tangan/hasil/<int:pk>/", signing_views.result, name="signing-batch"),
    path("v/", views.check, name="verify-check"),
    path("v/<str:token>/", views.verify, name="verify"),
    path("dokumen/<int:pk>/", views.download, name="document-download"),
    path("dokumen/<int:pk>/baca/", views.read, name="document-read"),
]
