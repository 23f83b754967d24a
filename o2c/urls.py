"""All addresses: each app below its own prefix."""

from django.contrib import admin
from django.urls import include, path

from o2c.preferences import preferences

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("preferences", preferences, name="preferences"),
    path("admin/", admin.site.urls),
    path("", include("core.urls")),
    path("<slug:company>/collections/", include("dunning.urls")),
    path("<slug:company>/", include("analytics.urls")),
]
