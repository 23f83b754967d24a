"""The catalog app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    name = "catalog"
    verbose_name = _("Products and prices")

    def ready(self) -> None:
        from core.kinds import Kind, register

        products = ("catalog.Product", _("Product"), _("Products"), "catalog:product")
        register(
            Kind("product", *products, key="code"),
            {
                "product.added": _("Added"),
                "product.changed": _("Changed"),
                "product.archived": _("Archived"),
                "product.restored": _("Restored"),
            },
        )
        lists = ("catalog.PriceList", _("Price list"), _("Price lists"), "catalog:price_list")
        register(
            Kind("price_list", *lists, key="pk"),
            {
                "price_list.added": _("Added"),
                "price_list.changed": _("Changed"),
                "price_list.prices_set": _("Prices set"),
                "price_list.archived": _("Archived"),
                "price_list.restored": _("Restored"),
                "customer.price_list_assigned": _("Price list chosen"),
            },
        )
