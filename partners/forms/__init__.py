"""The forms of partners: they word and check input, the deeds decide."""

from partners.forms.accounts import SHOWN_AT, AccountForm, CustomerForm, SupplierForm
from partners.forms.parts import (
    AddressForm,
    BankAccountForm,
    ContactForm,
    CreditForm,
    PartForm,
    WhyForm,
)
from partners.forms.terms import InstalmentForm, TermsForm

__all__ = [
    "SHOWN_AT",
    "AccountForm",
    "AddressForm",
    "BankAccountForm",
    "ContactForm",
    "CreditForm",
    "CustomerForm",
    "InstalmentForm",
    "PartForm",
    "SupplierForm",
    "TermsForm",
    "WhyForm",
]
