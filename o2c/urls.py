"""All addresses: each app below its own prefix."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from o2c.preferences import preferences

# The admin site lets in by the same login as everything else, second factor and lock-out included.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("preferences", preferences, name="preferences"),
    path("admin/", admin.site.urls),
    path("", include("core.urls")),
    path("<slug:company>/", include("partners.urls")),
    path("<slug:company>/", include("catalog.urls")),
    path("<slug:company>/", include("inventory.urls")),
    path("<slug:company>/", include("orders.urls")),
    path("<slug:company>/", include("invoicing.urls")),
    path("<slug:company>/", include("documents.urls")),
    path("<slug:company>/books/", include("ledger.urls")),
    path("<slug:company>/payments/", include("payments.urls")),
    path("<slug:company>/collections/", include("dunning.urls")),
    path("<slug:company>/", include("analytics.urls")),
]
