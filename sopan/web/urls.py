from django.urls import include, path

from sopan.web.views import bulk, case, cases, effects, home, inbox, task, unblinding

urlpatterns = [
    path("", home.home, name="home"),
    path("sehat/", home.health, name="health"),
    path("tugas/", inbox.inbox, name="inbox"),
    path("tugas/ekspor/", inbox.export, name="inbox_export"),
    path("tugas/sekaligus/", bulk.bulk, name="bulk"),
    path("tugas/tampilan/", inbox.save_view, name="view_save"),
    path("tugas/tampilan/<int:view_id>/hapus/", inbox.delete_view, name="view_delete"),
    path("tugas/<int:task_id>/", task.task, name="task"),
    path("tugas/<int:task_id>/selesai/", task.complete, name="task_complete"),
    path("tugas/<int:task_id>/berkas/", task.files, name="task_files"),
    path("tugas/<int:task_id>/konsep/", task.draft, name="task_draft"),
    path("tugas/<int:task_id>/ambil/", task.take, name="task_take"),
    path("tugas/<int:task_id>/lepas/", task.give_back, name="task_give_back"),
    path("tugas/<int:task_id>/alihkan/", task.hand_over, name="task_hand_over"),
    path("tugas/<int:task_id>/kembalikan/", task.send_back, name="task_send_back"),
    path("kasus/", cases.cases, name="cases"),
    path("kasus/<int:case_id>/", case.case, name="case"),
    path("kasus/<int:case_id>/tahan/", case.hold, name="case_hold"),
    path("kasus/<int:case_id>/lanjutkan/", case.resume, name="case_resume"),
    path("kasus/<int:case_id>/identitas/", unblinding.unblind, name="case_unblind"),
    path("identitas/", unblinding.unblindings, name="unblindings"),
    path("kasus/<int:case_id>/batalkan/", case.cancel, name="case_cancel"),
    path("kasus/<int:case_id>/catatan/", case.comment, name="case_comment"),
    path("kasus/<int:case_id>/berkas/", case.attach, name="case_attach"),
    path("berkas/<int:attachment_id>/", case.attachment, name="attachment"),
    path("cari", cases.search, name="search"),
    path("pekerjaan/", effects.effects, name="effects"),
    path("pekerjaan/<int:effect_id>/ulangi/", effects.try_again, name="effect_again"),
    path("", include("sopan.web.starting.urls")),
    path("", include("sopan.web.heat.urls")),
    path("", include("sopan.web.book.urls")),
    path("", include("sopan.web.editor.urls")),
    path("", include("sopan.web.catalogue.urls")),  # last: a procedure may have any name
]
