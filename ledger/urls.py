"""Addresses of the books."""

from django.urls import path

from ledger.views import balances, journal, periods, setup, take_over

app_name = "ledger"
urlpatterns = [
    path("journal/", journal.entries, name="entries"),
    path("journal/new", journal.new_entry, name="new_entry"),
    path("journal/<str:number>", journal.entry, name="entry"),
    path("journal/<str:number>/reverse", journal.reverse_entry, name="reverse_entry"),
    path("trial-balance", balances.balances, name="trial_balance"),
    path("accounts/", setup.chart, name="chart"),
    path("accounts/new", setup.new_account, name="new_account"),
    path("accounts/archive", setup.archive_accounts, name="archive_accounts"),
    path("accounts/restore", setup.restore_accounts, name="restore_accounts"),
    path("accounts/find", setup.find_accounts, name="find_accounts"),
    path("accounts/<str:number>", balances.account, name="account"),
    path("accounts/<str:number>/edit", setup.edit_account, name="edit_account"),
    path("periods/", periods.periods, name="periods"),
    path("periods/open-year", periods.open_year, name="open_year"),
    path("periods/soft-close", periods.soft_close, name="soft_close"),
    path("periods/close", periods.close, name="close"),
    path("periods/reopen", periods.reopen, name="reopen"),
    path("periods/lock", periods.lock, name="lock"),
    path("periods/<int:pk>", periods.period, name="period"),
    path("rates/", setup.rates, name="rates"),
    path("rates/new", setup.new_rate, name="new_rate"),
    path("rates/import", setup.import_rates, name="import_rates"),
    path("taxes/", setup.taxes, name="taxes"),
    path("taxes/new", setup.new_tax_code, name="new_tax_code"),
    path("taxes/<int:pk>/end", setup.end_tax_code, name="end_tax_code"),
    path("banks/", setup.banks, name="banks"),
    path("banks/new", setup.new_bank_account, name="new_bank_account"),
    path("banks/<int:pk>", setup.bank_account, name="bank_account"),
    path("banks/archive", setup.archive_bank_accounts, name="archive_bank_accounts"),
    path("banks/restore", setup.restore_bank_accounts, name="restore_bank_accounts"),
    path("take-over", take_over.take_over, name="take_over"),
    path("take-over/balances/<str:day>", take_over.balances, name="take_over_balances"),
    path("take-over/items/<str:day>", take_over.items, name="take_over_items"),
    path("items/<int:pk>", take_over.open_item, name="open_item"),
    path("items/<int:pk>/take-back", take_over.take_back_item, name="take_back_item"),
]
