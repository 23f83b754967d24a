"""Addresses of products and price lists."""

from django.urls import path

from catalog.views import prices, products, raising

app_name = "catalog"
urlpatterns = [
    path("products/", products.products, name="products"),
    path("products/new", products.new_product, name="new_product"),
    path("products/import", products.import_products, name="import_products"),
    path("products/find", products.find_products, name="find_products"),
    path("products/archive", products.archive_products, name="archive_products"),
    path("products/restore", products.restore_products, name="restore_products"),
    path("products/<str:code>", products.product, name="product"),
    path("products/<str:code>/edit", products.edit_product, name="edit_product"),
    path("products/<str:code>/archive", products.archive_product, name="archive_product"),
    path("products/<str:code>/restore", products.restore_product, name="restore_product"),
    path("prices/", prices.price_lists, name="price_lists"),
    path("prices/new", prices.new_price_list, name="new_price_list"),
    path("prices/of/<str:number>", prices.assign_price_list, name="assign_price_list"),
    path("prices/<int:pk>", prices.price_list, name="price_list"),
    path("prices/<int:pk>/prices", prices.edit_prices, name="edit_prices"),
    path("prices/<int:pk>/edit", prices.edit_price_list, name="edit_price_list"),
    path("prices/<int:pk>/import", prices.import_prices, name="import_prices"),
    path("prices/<int:pk>/raise", raising.raise_prices, name="raise_prices"),
    path("prices/<int:pk>/copy", prices.copy_price_list, name="copy_price_list"),
    path("prices/<int:pk>/archive", prices.archive_price_list, name="archive_price_list"),
    path("prices/<int:pk>/restore", prices.restore_price_list, name="restore_price_list"),
    path("prices/<int:pk>/customers/add", prices.add_customer, name="add_customer"),
    path("prices/<int:pk>/customers/remove", prices.remove_customers, name="remove_customers"),
]
