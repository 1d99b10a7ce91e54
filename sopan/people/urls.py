"""Addresses of the people layer. To stand before allauth's, some of which it closes."""

from django.urls import path, re_path

from sopan.people import institution_views, own_views, views

urlpatterns = [
    path("akun/", own_views.profile, name="profile"),
    # Whoever could add any address to his account could be found by it at the log-in and the reset of a password.
    path("akun/email/", own_views.closed),
    re_path(r"^akun/confirm-email/.*$", own_views.closed),
    path("perusahaan/", own_views.company, name="company"),
    path("perusahaan/<int:account_id>/lepas/", own_views.company_remove, name="company_remove"),
    path("demo/masuk/<int:user_id>/", own_views.demo_login, name="demo_login"),
    path("pengaturan/akun/", views.accounts, name="accounts"),
    path("pengaturan/akun/baru/", views.staff_new, name="staff_new"),
    path("pengaturan/akun/<int:account_id>/", views.account, name="account"),
    path("pengaturan/akun/<int:account_id>/nonaktif/", views.account_deactivate, name="account_deactivate"),
    path("pengaturan/akun/<int:account_id>/aktif/", views.account_reactivate, name="account_reactivate"),
    path("pengaturan/akun/<int:account_id>/dua-langkah/", views.account_reset_factor, name="account_reset_factor"),
    path("pengaturan/jabatan/", views.appointments, name="appointments"),
    path("pengaturan/jabatan/tunjuk/", views.appointment_new, name="appointment_new"),
    path("pengaturan/jabatan/<int:appointment_id>/akhiri/", views.appointment_end, name="appointment_end"),
    path("pengaturan/catatan/", views.people_events, name="people_events"),
    path("pengaturan/kalender/", institution_views.calendar, name="calendar"),
    path("pengaturan/kalender/<slug:day>/hapus/", institution_views.calendar_forget, name="calendar_forget"),
    path("pengaturan/setelan/", institution_views.settings_list, name="settings"),
    path("pengaturan/setelan/<slug:key>/", institution_views.setting, name="setting"),
]
