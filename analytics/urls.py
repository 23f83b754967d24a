"""Addresses of what looks across all apps."""

from django.urls import path

from analytics import views

app_name = "analytics"
urlpatterns = [
    path("", views.home, name="home"),
    path("dashboard", views.dashboard, name="dashboard"),
    path("search", views.find, name="search"),
    path("proof", views.proof, name="proof"),
    path("proof/prove", views.prove, name="prove"),
]
