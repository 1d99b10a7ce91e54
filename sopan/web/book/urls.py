from django.urls import path

from . import views

urlpatterns = [
    path("sop/buku/", views.books, name="sop_book"),
    path("sop/buku/<int:book_id>/", views.book, name="sop_book_job"),
    path("sop/buku/<int:book_id>/ulangi/", views.again, name="sop_book_again"),
    path("sop/buku/<int:book_id>/unduh/", views.download, name="sop_book_download"),
]
