from django.urls import path

from . import views

app_name = "laboratory"
urlpatterns = [
    path("pekerjaan/<int:pk>/", views.sheet, name="sheet"),
    path("pekerjaan/<int:pk>/konsep/", views.sheet_autosave, name="sheet-autosave"),
    path("pekerjaan/<int:pk>/metode/", views.choose_method, name="choose-method"),
    path("pekerjaan/<int:pk>/hitung/", views.calculate, name="calculate"),
    path("pekerjaan/<int:pk>/hasil/", views.results, name="results"),
    path("pekerjaan/<int:pk>/analis/", views.assign_late, name="assign-late"),
    path("pekerjaan/<int:pk>/persetujuan/", views.confirm_late, name="confirm-late"),
    path("tugas/<int:pk>/analis/", views.assign_mine, name="assign-mine"),
    path("tugas/<int:pk>/verifikasi/", views.verify_mine, name="verify-mine"),
    path("sampel/<int:pk>/", views.item, name="item"),
    path("sampel/<int:pk>/terima/", views.receive_late, name="receive-late"),
    path("sampel/<int:pk>/serahkan/", views.hand_back, name="hand-back"),
    path("kasus/<int:pk>/label/", views.labels, name="labels"),
    path("kasus/<int:pk>/cetak/", views.print_reports, name="print"),
    path("kasus/<int:pk>/laporan/", views.printing, name="printing"),
]
