"""Addresses of stock and warehouses."""

from django.urls import path

from inventory import views

app_name = "inventory"
urlpatterns = [
    path("stock/", views.stock, name="stock"),
    path("stock/receive", views.receive, name="receive"),
    path("stock/adjust", views.adjust, name="adjust"),
    path("stock/count", views.count, name="count"),
    path("stock/import", views.import_stock, name="import_stock"),
    path("stock/documents/", views.documents, name="documents"),
    path("stock/documents/<str:name>", views.document, name="document"),
    path("stock/documents/<str:name>/reverse", views.reverse_document, name="reverse_document"),
    path("stock/<int:pk>", views.stock_row, name="stock_row"),
    path("warehouses/", views.warehouses, name="warehouses"),
    path("warehouses/archive", views.archive_warehouses, name="archive_warehouses"),
    path("warehouses/restore", views.restore_warehouses, name="restore_warehouses"),
    path("warehouses/new", views.new_warehouse, name="new_warehouse"),
    path("warehouses/<str:code>", views.warehouse, name="warehouse"),
]
