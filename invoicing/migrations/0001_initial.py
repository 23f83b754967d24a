import django.db.models.deletion
import django.db.models.expressions
import django_fsm
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalog", "0001_initial"),
        ("core", "0002_append_only"),
        ("ledger", "0002_books"),
        ("orders", "0002_laws"),
        ("partners", "0001_initial"),
        ("users", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="BillingRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "rhythm",
                    models.CharField(
                        choices=[
                            ("at_once", "An invoice for each shipment"),
                            ("collected", "Collected until somebody bills them"),
                        ],
                        default="at_once",
                        max_length=10,
                        verbose_name="billing",
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.company",
                    ),
                ),
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "billing rule",
                "verbose_name_plural": "billing rules",
            },
        ),
        migrations.CreateModel(
            name="Invoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(blank=True, editable=False, max_length=30, null=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("invoice", "Invoice"), ("credit_note", "Credit note")],
                        default="invoice",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("draft", "Draft"),
                            ("issued", "Issued"),
                            ("settled", "Settled"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="issued",
                        max_length=12,
                        protected=True,
                    ),
                ),
                ("gives_back", models.BooleanField(default=False, verbose_name="is billed again")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                (
                    "customer_reference",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="customer's order number"
                    ),
                ),
                ("issued_on", models.DateField(null=True, verbose_name="date")),
                ("supplied_from", models.DateField(null=True, verbose_name="supplied from")),
                ("supplied_on", models.DateField(null=True, verbose_name="date of supply")),
                ("due_on", models.DateField(null=True, verbose_name="due")),
                (
                    "terms_text",
                    models.CharField(blank=True, max_length=200, verbose_name="payment terms"),
                ),
                (
                    "payment_reference",
                    models.CharField(blank=True, max_length=35, verbose_name="payment reference"),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("fx_rate", models.DecimalField(decimal_places=12, default=1, max_digits=24)),
                ("net", models.DecimalField(decimal_places=4, max_digits=20, verbose_name="net")),
                ("tax", models.DecimalField(decimal_places=4, max_digits=20, verbose_name="tax")),
                (
                    "gross",
                    models.DecimalField(decimal_places=4, max_digits=20, verbose_name="total"),
                ),
                ("base_gross", models.DecimalField(decimal_places=4, max_digits=20)),
                ("base_tax", models.DecimalField(decimal_places=4, max_digits=20)),
                (
                    "open_amount",
                    models.DecimalField(decimal_places=4, max_digits=20, verbose_name="open"),
                ),
                ("seller", models.JSONField(default=dict)),
                ("buyer", models.JSONField(default=dict)),
                ("sent_at", models.DateTimeField(null=True, verbose_name="sent")),
                (
                    "company",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.company",
                    ),
                ),
                (
                    "corrects",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credit_notes",
                        to="invoicing.invoice",
                        verbose_name="corrects",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.customer",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.entry",
                    ),
                ),
            ],
            options={
                "verbose_name": "invoice",
                "verbose_name_plural": "invoices",
                "indexes": [
                    models.Index(fields=["company", "-issued_on", "-id"], name="invoice_latest"),
                    models.Index(fields=["customer", "-id"], name="invoice_customer"),
                    models.Index(fields=["company", "gross", "-id"], name="invoice_gross"),
                    models.Index(
                        condition=models.Q(("state", "issued")),
                        fields=["company", "due_on"],
                        name="invoice_unsettled",
                    ),
                    models.Index(
                        condition=models.Q(("corrects__isnull", False)),
                        fields=["corrects"],
                        name="invoice_corrected",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("company", "number"), name="invoice_number"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "cancelled"]),
                            models.Q(
                                ("number__isnull", False),
                                ("issued_on__isnull", False),
                                ("due_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="issued_has_number_and_dates",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "cancelled"]),
                            ("gross", 0),
                            ("entry__isnull", False),
                            _connector="OR",
                        ),
                        name="issued_has_entry",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "settled"), ("open_amount", 0)),
                            models.Q(("state", "issued"), ("open_amount__gt", 0)),
                            ("state__in", ["draft", "cancelled"]),
                            _connector="OR",
                        ),
                        name="settled_means_nothing_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "gross",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("net"), "+", models.F("tax")
                                ),
                            ),
                            ("gross__gte", 0),
                            ("open_amount__gte", 0),
                            ("open_amount__lte", models.F("gross")),
                        ),
                        name="invoice_amounts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("corrects", None), ("gives_back", False), ("kind", "invoice")
                            ),
                            models.Q(("corrects__isnull", False), ("kind", "credit_note")),
                            _connector="OR",
                        ),
                        name="credit_note_names_invoice",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Instalment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("due_on", models.DateField(verbose_name="due")),
                (
                    "amount",
                    models.DecimalField(decimal_places=4, max_digits=20, verbose_name="amount"),
                ),
                (
                    "open_item",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.openitem",
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="instalments",
                        to="invoicing.invoice",
                    ),
                ),
            ],
            options={
                "verbose_name": "instalment",
                "verbose_name_plural": "instalments",
                "ordering": ("invoice", "position"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("invoice", "position"), name="invoice_instalment"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Billable",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source_kind", models.CharField(max_length=20)),
                ("source_id", models.BigIntegerField()),
                ("generation", models.PositiveSmallIntegerField(default=1)),
                ("shipment_id", models.BigIntegerField(null=True)),
                (
                    "quantity",
                    models.DecimalField(decimal_places=6, max_digits=20, verbose_name="quantity"),
                ),
                ("net", models.DecimalField(decimal_places=4, max_digits=20, verbose_name="net")),
                ("supplied_on", models.DateField(verbose_name="supplied on")),
                (
                    "company",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.company",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.customer",
                    ),
                ),
                (
                    "order_line",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orders.orderline",
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="billables",
                        to="invoicing.invoice",
                    ),
                ),
            ],
            options={
                "verbose_name": "billable",
                "verbose_name_plural": "billables",
                "indexes": [
                    models.Index(
                        condition=models.Q(("invoice", None)),
                        fields=["company", "customer"],
                        name="billable_waiting",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source_kind", "source_id", "generation"),
                        name="once_per_billed_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0)), name="billable_positive"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InvoiceLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("product_code", models.CharField(blank=True, max_length=40)),
                ("description", models.CharField(max_length=200, verbose_name="description")),
                (
                    "quantity",
                    models.DecimalField(decimal_places=6, max_digits=20, verbose_name="quantity"),
                ),
                ("unit_code", models.CharField(max_length=3)),
                (
                    "unit_price",
                    models.DecimalField(decimal_places=8, max_digits=20, verbose_name="price"),
                ),
                (
                    "discount_percent",
                    models.DecimalField(decimal_places=4, default=0, max_digits=7),
                ),
                ("net", models.DecimalField(decimal_places=4, max_digits=20, verbose_name="net")),
                (
                    "billable",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="invoicing.billable",
                    ),
                ),
                (
                    "corrects",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="invoicing.invoiceline",
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="invoicing.invoice",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.product",
                    ),
                ),
                (
                    "tax_code",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.taxcode",
                    ),
                ),
            ],
            options={
                "verbose_name": "invoice line",
                "verbose_name_plural": "invoice lines",
                "ordering": ("invoice", "position"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("invoice", "position"), name="invoice_line_position"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TaxGroup",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("S", "Standard or reduced rate"),
                            ("Z", "Zero rated"),
                            ("E", "Exempt"),
                            ("AE", "Reverse charge"),
                            ("K", "Intra-community supply"),
                            ("G", "Export"),
                            ("O", "Outside the scope of tax"),
                        ],
                        max_length=2,
                        verbose_name="category",
                    ),
                ),
                ("rate", models.DecimalField(decimal_places=4, max_digits=7, verbose_name="rate")),
                ("net", models.DecimalField(decimal_places=4, max_digits=20, verbose_name="net")),
                ("tax", models.DecimalField(decimal_places=4, max_digits=20, verbose_name="tax")),
                ("base_net", models.DecimalField(decimal_places=4, max_digits=20)),
                ("base_tax", models.DecimalField(decimal_places=4, max_digits=20)),
                ("reason", models.CharField(blank=True, max_length=200)),
                (
                    "invoice",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tax_groups",
                        to="invoicing.invoice",
                    ),
                ),
            ],
            options={
                "verbose_name": "VAT group",
                "verbose_name_plural": "VAT groups",
                "ordering": ("invoice", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("invoice", "category", "rate"), name="one_group_per_rate"
                    )
                ],
            },
        ),
    ]
