"""The admin site looks at partners; the pages change them."""

from core.admin import look_only
from partners.models import CreditAccount, Customer, Exposure, Partner, PaymentTerms, Supplier

look_only(CreditAccount, Customer, Exposure, Partner, PaymentTerms, Supplier)
