"""Addresses of what looks across all apps."""

from django.urls import path

from analytics import views

app_name = "analytics"
urlpatterns = [
    path("", views.home, name="home"),
]
