from django.urls import path

from . import ink_views, key_views, signing_views, views

urlpatterns = [
    path("akun/sertifikat/", key_views.keys, name="signing-keys"),
    path("tanda-tangan/", signing_views.signing, name="signing"),
    path("tanda-tangan/<int:pk>/baca/", signing_views.read, name="signing-read"),
    path("tanda-tangan/hasil/<int:pk>/", signing_views.result, name="signing-batch"),
    path("tanda-tangan/<int:pk>/berkas/", signing_views.file, name="signing-file"),
    path("tanda-tangan/<int:pk>/basah/", ink_views.ink_confirm, name="ink-confirm"),
    path("dokumen/<int:pk>/basah/", ink_views.ink_page, name="ink"),
    path("dokumen/<int:pk>/basah/cetak/", ink_views.ink_print, name="ink-print"),
    path("dokumen/<int:pk>/basah/<int:scan_id>/", ink_views.ink_scan, name="ink-scan"),
    path("v/", views.check, name="verify-check"),
    path("v/<str:token>/", views.verify, name="verify"),
    path("dokumen/<int:pk>/", views.download, name="document-download"),
    path("dokumen/<int:pk>/baca/", views.read, name="document-read"),
]
