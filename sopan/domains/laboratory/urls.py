from django.urls import path

from . import views
from .views import changes, equipment, methods

app_name = "laboratory"
urlpatterns = [
    path("pekerjaan/<int:pk>/", views.sheet, name="sheet"),
    path("pekerjaan/<int:pk>/konsep/", views.sheet_autosave, name="sheet-autosave"),
    path("pekerjaan/<int:pk>/metode/", views.choose_method, name="choose-method"),
    path("pekerjaan/<int:pk>/hitung/", views.calculate, name="calculate"),
    path("pekerjaan/<int:pk>/hasil/", views.results, name="results"),
    path("peralatan/", equipment.equipment_list, name="equipment-list"),
    path("peralatan/baru/", equipment.equipment_new, name="equipment-new"),
    path("peralatan/<int:pk>/", equipment.equipment, name="equipment"),
    path("peralatan/<int:pk>/ubah/", equipment.equipment_change, name="equipment-change"),
    path("peralatan/<int:pk>/status/", equipment.equipment_status, name="equipment-status"),
    path("peralatan/<int:pk>/pemeriksaan/", equipment.equipment_check, name="equipment-check"),
    path("peralatan/<int:pk>/sertifikat/", equipment.certificate_new, name="certificate-new"),
    path("peralatan/<int:pk>/dampak/", equipment.equipment_impact, name="equipment-impact"),
    path("peralatan/<int:pk>/dampak.xlsx", equipment.equipment_impact_export, name="equipment-impact-export"),
    path("sertifikat-standar/<int:pk>/berkas/", equipment.certificate_file, name="certificate-file"),
    path("sertifikat-standar/<int:pk>/tarik/", equipment.certificate_withdraw, name="certificate-withdraw"),
    path("metode/", methods.method_list, name="methods"),
    path("metode/terbit/", methods.method_publish, name="method-publish"),
    path("metode/<int:pk>/", methods.method, name="method"),
    path("metode/<int:pk>/akhiri/", methods.method_end, name="method-end"),
    path("kompetensi/", methods.competence, name="competence"),
    path("kompetensi/<int:pk>/cabut/", methods.competence_revoke, name="competence-revoke"),
    path("lingkup/", methods.scope, name="scope"),
    path("lingkup/<int:pk>/akhiri/", methods.scope_end, name="scope-end"),
    path("pekerjaan/<int:pk>/analis/", views.assign_late, name="assign-late"),
    path("pekerjaan/<int:pk>/persetujuan/", views.confirm_late, name="confirm-late"),
    path("tugas/<int:pk>/analis/", views.assign_mine, name="assign-mine"),
    path("tugas/<int:pk>/verifikasi/", views.verify_mine, name="verify-mine"),
    path("sampel/<int:pk>/", views.item, name="item"),
    path("sampel/<int:pk>/terima/", views.receive_late, name="receive-late"),
    path("sampel/<int:pk>/serahkan/", views.hand_back, name="hand-back"),
    path("laporan/perubahan/", changes.changes, name="changes"),
    path("laporan/<int:pk>/perubahan/", changes.report_changes, name="report-changes"),
    path("kasus/<int:pk>/label/", views.labels, name="labels"),
    path("kasus/<int:pk>/cetak/", views.print_reports, name="print"),
    path("kasus/<int:pk>/laporan/", views.printing, name="printing"),
]
