"""Addresses of orders, shipments and holds."""

from django.urls import path

from orders.views import entry, holds, orders, shipping

app_name = "orders"
urlpatterns = [
    path("orders/", orders.orders, name="orders"),
    path("orders/new", entry.new_order, name="new_order"),
    path("orders/estimate", entry.estimate_order, name="estimate_order"),
    path("orders/import", entry.import_orders, name="import_orders"),
    path("orders/submit", orders.submit_orders, name="submit_orders"),
    path("orders/confirm", orders.confirm_orders, name="confirm_orders"),
    path("orders/check", holds.check_orders, name="check_orders"),
    path("orders/<str:name>", orders.order, name="order"),
    path("orders/<str:name>/edit", entry.edit_order, name="edit_order"),
    path("orders/<str:name>/submit", orders.submit_order, name="submit_order"),
    path("orders/<str:name>/confirm", orders.confirm_order, name="confirm_order"),
    path("orders/<str:name>/change", orders.change_order, name="change_order"),
    path("orders/<str:name>/check", holds.check_order, name="check_order"),
    path("orders/<str:name>/cancel", orders.cancel_order, name="cancel_order"),
    path("orders/<str:name>/close-short", orders.close_short_order, name="close_short_order"),
    path("orders/<str:name>/reopen", orders.reopen_order, name="reopen_order"),
    path("orders/<str:name>/ship", shipping.ship_order, name="ship_order"),
    path("shipments/", shipping.shipments, name="shipments"),
    path("shipments/to-ship", shipping.to_ship, name="to_ship"),
    path("shipments/deliver", shipping.deliver_shipments, name="deliver_shipments"),
    path("shipments/<str:name>", shipping.shipment, name="shipment"),
    path("shipments/<str:name>/deliver", shipping.deliver_shipment, name="deliver_shipment"),
    path("holds/", holds.holds, name="holds"),
    path("holds/<int:pk>", holds.hold, name="hold"),
]
