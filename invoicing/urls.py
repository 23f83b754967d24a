"""Addresses of invoices, credit notes and what waits to be billed."""

from django.urls import path

from invoicing.views import applying, billing, crediting, invoices

app_name = "invoicing"
urlpatterns = [
    path("invoices/", invoices.invoices, name="invoices"),
    path("invoices/send", invoices.send_invoices, name="send_invoices"),
    path("invoices/to-bill", billing.billables, name="billables"),
    path("invoices/issue", billing.issue_invoices, name="issue_invoices"),
    path("invoices/rules", billing.rules, name="rules"),
    path("invoices/rules/set", billing.set_rule, name="set_rule"),
    path("invoices/<str:name>", invoices.invoice, name="invoice"),
    path("invoices/<str:name>/send", invoices.send_invoice, name="send_invoice"),
    path("invoices/<str:name>/pdf", invoices.render_invoice, name="render_invoice"),
    path("invoices/<str:name>/credit", crediting.credit_invoice, name="credit_invoice"),
    path("invoices/<str:name>/apply", applying.apply_credit, name="apply_credit"),
    path("invoices/<str:name>/unapply", applying.unapply_credit, name="unapply_credit"),
    path("books/items/<int:pk>/apply", applying.apply_item, name="apply_item"),
    path("books/items/<int:pk>/unapply", applying.unapply_item, name="unapply_item"),
]
