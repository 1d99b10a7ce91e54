from django.urls import path

from sopan.web.editor import reading, views

urlpatterns = [
    path("sop/impor/", reading.read, name="sop_import"),
    path("sop/impor/pilih/", reading.choose, name="sop_import_choose"),
    path("sop/konsep/<int:revision_id>/sunting/", views.edit, name="revision_edit"),
    path("sop/konsep/<int:revision_id>/sunting/simpan/", views.save, name="revision_save"),
    path("sop/konsep/<int:revision_id>/sunting/urungkan/", views.undo, name="revision_undo"),
    path("sop/konsep/<int:revision_id>/sunting/ulangi/", views.redo, name="revision_redo"),
    path("sop/konsep/<int:revision_id>/sunting/lihat/", views.inspect, name="revision_inspect"),
    path("sop/konsep/<int:revision_id>/sunting/coba/", views.try_out, name="revision_try"),
]
