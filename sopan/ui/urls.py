from django.urls import path

from sopan.ui import views

urlpatterns = [
    path("bahasa", views.choose_language, name="choose_language"),
    path("papan-tik", views.switch_keyboard, name="switch_keyboard"),
    path("sesi", views.keep_session, name="keep_session"),
]
