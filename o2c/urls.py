"""All addresses: each app below its own prefix."""

from allauth.account import views as login
from django.contrib import admin
from django.urls import include, path, re_path

from o2c.accounts import login_for_admin_site, may_look
from o2c.preferences import preferences

admin.site.login = login_for_admin_site(admin.site.login)  # type: ignore[assignment,method-assign]
admin.site.has_permission = may_look  # type: ignore[method-assign]

# Of allauth's pages these alone. An address is an identity: only an administrator enters one.
accounts = [
    path("login/", login.login, name="account_login"),
    path("logout/", login.logout, name="account_logout"),
    path("inactive/", login.account_inactive, name="account_inactive"),
    path("reauthenticate/", login.reauthenticate, name="account_reauthenticate"),
    path("password/change/", login.password_change, name="account_change_password"),
    path("password/reset/", login.password_reset, name="account_reset_password"),
    path("password/reset/done/", login.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        login.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        login.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("2fa/", include("allauth.mfa.urls")),
]

urlpatterns = [
    path("accounts/", include(accounts)),
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
