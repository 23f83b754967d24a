"""What a role may do. Roles are code; who has which role in which company is data."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """The duties a person can have in one company."""

    SALES_REP = "sales_rep", _("Sales rep")
    SALES_MANAGER = "sales_manager", _("Sales manager")
    WAREHOUSE = "warehouse", _("Warehouse")
    AR_CLERK = "ar_clerk", _("Accounts receivable clerk")
    CREDIT_CONTROLLER = "credit_controller", _("Credit controller")
    COLLECTOR = "collector", _("Collector")
    AP_CLERK = "ap_clerk", _("Accounts payable clerk")
    BUYER = "buyer", _("Buyer")
    TREASURER = "treasurer", _("Treasurer")
    CONTROLLER = "controller", _("Controller")
    AUDITOR = "auditor", _("Auditor")
    EXECUTIVE = "executive", _("Executive")
    COMPANY_ADMIN = "company_admin", _("Company administrator")
    USER_ADMIN = "user_admin", _("User administrator")


# Permission → roles that have it. `…_own` sees only the customers the person looks after.
PERMISSIONS: dict[str, str] = {
    "partners.view": "sales_manager warehouse ar_clerk credit_controller collector ap_clerk "
    "buyer treasurer controller auditor executive company_admin",
    "partners.view_own": "sales_rep",
    "partners.edit": "sales_manager company_admin",
    "partners.contacts": "sales_rep sales_manager ar_clerk collector company_admin",
    "partners.bank": "ar_clerk company_admin",
    "partners.credit": "credit_controller",
    "partners.view_suppliers": "ap_clerk buyer treasurer controller auditor executive "
    "company_admin",
    "partners.suppliers": "buyer ap_clerk company_admin",
    "partners.supplier_bank": "ap_clerk company_admin",
    "partners.terms": "credit_controller controller company_admin",
    "catalog.view": "sales_rep sales_manager warehouse ar_clerk credit_controller buyer ap_clerk "
    "controller auditor company_admin",
    "catalog.edit": "company_admin",
    "catalog.prices": "sales_manager company_admin",
    "inventory.view": "sales_rep sales_manager warehouse buyer controller auditor company_admin",
    "inventory.receive": "warehouse",
    "inventory.adjust": "warehouse",
    "inventory.reverse": "controller",
    "inventory.setup": "company_admin",
    "orders.view": "sales_manager warehouse ar_clerk credit_controller collector controller "
    "auditor executive",
    "orders.view_own": "sales_rep",
    "orders.enter": "sales_rep sales_manager",
    "orders.take_back": "sales_rep sales_manager credit_controller",
    "orders.cancel": "sales_rep sales_manager",
    "orders.close_short": "sales_manager",
    "orders.release_credit": "credit_controller",
    "orders.release_price": "sales_manager",
    "orders.release_entry": "sales_manager",
    "orders.ship": "warehouse",
    "invoicing.view": "sales_manager ar_clerk credit_controller collector treasurer controller "
    "auditor executive",
    "invoicing.view_own": "sales_rep",
    "invoicing.issue": "ar_clerk",
    "invoicing.credit": "ar_clerk",
    "invoicing.send": "ar_clerk collector",
    "documents.view": "ar_clerk collector controller auditor company_admin",
    "documents.send": "ar_clerk",
    "payments.view": "ar_clerk collector credit_controller treasurer controller auditor executive",
    "payments.import": "ar_clerk treasurer",
    "payments.apply": "ar_clerk",
    "payments.reverse": "controller",
    "payments.withdraw": "controller",
    "dunning.view": "ar_clerk collector credit_controller treasurer controller auditor executive "
    "sales_manager",
    "dunning.note": "ar_clerk collector credit_controller",
    "ledger.view": "ar_clerk ap_clerk treasurer controller auditor executive",
    "ledger.view_setup": "ar_clerk ap_clerk treasurer controller auditor executive company_admin",
    "ledger.post": "controller",
    "ledger.close": "controller",
    "ledger.setup": "controller company_admin",
    "ledger.take_over": "controller",
    "analytics.view": "sales_manager credit_controller collector treasurer controller auditor "
    "executive ar_clerk",
    "analytics.prove": "controller auditor company_admin",
    "core.home": " ".join(Role.values),
    "core.search": " ".join(role for role in Role.values if role != "user_admin"),
    "core.jobs": "controller auditor company_admin",
    "core.jobs_own": " ".join(Role.values),
    "core.stop_jobs": "controller company_admin",
    "core.follow_ups": "ar_clerk controller auditor company_admin",
    "core.retry": "ar_clerk controller company_admin",
    "core.audit": "controller auditor",
    "core.company": "company_admin",
    "core.people": "user_admin auditor",
    "core.give_roles": "user_admin",
}

ROLES: dict[Role, frozenset[str]] = {
    role: frozenset(name for name, roles in PERMISSIONS.items() if role.value in roles.split())
    for role in Role
}

# Roles that move money or rights log in with a second factor outside the demo.
SECOND_FACTOR_ROLES = frozenset(Role) - {Role.SALES_REP, Role.WAREHOUSE, Role.EXECUTIVE}
