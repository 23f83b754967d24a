"""Addresses of collections."""

from django.urls import path

from dunning import views

app_name = "dunning"
urlpatterns = [
    path("", views.ageing, name="ageing"),
    path("late", views.late, name="late"),
    path("customers/<str:number>", views.customer, name="customer"),
    path("customers/<str:number>/next", views.next_customer, name="next_customer"),
    path("customers/<str:number>/contacts", views.note_contact, name="note_contact"),
]
