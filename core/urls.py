"""Addresses of administration: some of no company, the others below the company's short name."""

from django.urls import path

from core import views

app_name = "core"
urlpatterns = [
    path("", views.companies, name="companies"),
    path("healthz", views.healthz, name="healthz"),
    path("settings/", views.settings, name="settings"),
    path("<slug:company>/company/", views.company, name="company"),
    path("<slug:company>/people/", views.people_list, name="people"),
    path("<slug:company>/people/give", views.give_role, name="give_role"),
    path("<slug:company>/people/take", views.take_roles, name="take_roles"),
    path("<slug:company>/people/<int:pk>", views.person, name="person"),
    path("<slug:company>/people/<int:pk>/invite", views.invite, name="invite"),
    path(
        "<slug:company>/people/<int:pk>/reset-second-factor",
        views.reset_second_factor,
        name="reset_second_factor",
    ),
    path("<slug:company>/jobs/", views.job_list, name="jobs"),
    path("<slug:company>/jobs/<int:pk>", views.job, name="job"),
    path("<slug:company>/jobs/<int:pk>/stop", views.stop_job, name="stop_job"),
    path("<slug:company>/parked/", views.parked, name="follow_ups"),
    path("<slug:company>/parked/retry", views.retry, name="retry"),
    path("<slug:company>/refused/", views.refused, name="refused"),
    path("<slug:company>/events/", views.events, name="events"),
]
