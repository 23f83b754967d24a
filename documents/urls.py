"""Addresses of mail, PDFs and files."""

from django.urls import path

from documents import views

app_name = "documents"
urlpatterns = [
    path("mail/", views.mailbox, name="mailbox"),
    path("mail/failed", views.failures, name="failures"),
    path("mail/retry", views.retry_messages, name="retry_messages"),
    path("mail/pdfs", views.renderings, name="renderings"),
    path("mail/pdfs/render", views.render_waiting, name="render_waiting"),
    path("mail/<int:name>", views.message, name="message"),
    path("mail/<int:name>/retry", views.retry_message, name="retry_message"),
    path("mail/<int:name>/sent", views.mark_sent, name="mark_sent"),
    path("files/<int:pk>", views.file, name="file"),
]
