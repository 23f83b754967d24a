"""Each import offers a file that fits the company's data, and takes it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.models import Job
from core.roles import Role
from tests import cast
from tests.factories.catalog import default_list, make_price, make_product
from tests.factories.inventory import make_warehouse
from tests.factories.partners import make_customer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "page"),
    [
        (Role.COMPANY_ADMIN, "customers/import"),
        (Role.COMPANY_ADMIN, "products/import"),
        (Role.SALES_MANAGER, "prices/{list}/import"),
        (Role.COMPANY_ADMIN, "stock/import"),
        (Role.SALES_MANAGER, "orders/import"),
        (Role.CONTROLLER, "books/rates/import"),
    ],
)
def test_the_example_of_an_import_goes_through(client, role, page):
    company = cast.make_company()
    make_warehouse(company)
    make_customer(company)
    make_price(default_list(company), make_product(company), "12.00")
    make_product(company)
    client.force_login(cast.member(company, role))
    where = f"/{company.slug}/{page.format(list=default_list(company).pk)}"
    assert "an example that fits your data" in client.get(where).content.decode()
    example = b"".join(client.get(f"{where}?table=example"))
    checked = client.post(where, {"file": SimpleUploadedFile("example.csv", example)})
    assert not checked.context["problems"], checked.context["problems"]
    token = checked.context["token"]
    assert client.post(where, {"checked": token}).status_code == 302
    assert not Job.objects.filter(refused__gt=0)
