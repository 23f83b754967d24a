import django.contrib.postgres.indexes
import django.db.models.deletion
import django_fsm
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0002_append_only"),
        ("partners", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("users", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="FxRateEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("base", models.CharField(max_length=3, verbose_name="currency")),
                ("quote", models.CharField(max_length=3, verbose_name="in")),
                ("on", models.DateField(verbose_name="day")),
                (
                    "rate",
                    models.DecimalField(decimal_places=12, max_digits=24, verbose_name="rate"),
                ),
                ("source", models.CharField(max_length=40, verbose_name="source")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="OpenItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "account_role",
                    models.CharField(
                        choices=[
                            ("AR_CONTROL", "Trade receivables"),
                            ("UNAPPLIED_RECEIPTS", "Unapplied receipts and credits"),
                            ("UNBILLED_RECEIVABLE", "Unbilled receivables"),
                            ("DEFERRED_REVENUE", "Deferred revenue"),
                            ("CUSTOMER_DEPOSITS", "Customer deposits"),
                            ("REVENUE", "Revenue"),
                            ("REVENUE_RETURNS", "Returns and credit notes"),
                            ("DISCOUNT_GIVEN", "Discounts given"),
                            ("FREIGHT_INCOME", "Freight income"),
                            ("VAT_OUTPUT", "VAT on sales"),
                            ("VAT_INPUT", "VAT on purchases"),
                            ("VAT_RC_OUTPUT", "Reverse-charge VAT owed"),
                            ("VAT_RC_INPUT", "Reverse-charge VAT deductible"),
                            ("VAT_IMPORT", "Import VAT"),
                            ("INVENTORY", "Inventory"),
                            ("INVENTORY_DIFFERENCE", "Inventory differences"),
                            ("COGS", "Cost of goods sold"),
                            ("BAD_DEBT", "Bad debts"),
                            ("ECL_ALLOWANCE", "Allowance for credit losses"),
                            ("ECL_EXPENSE", "Expected credit losses"),
                            ("PAYMENT_DIFFERENCE", "Payment differences"),
                            ("FX_REALISED", "Exchange differences, realised"),
                            ("FX_UNREALISED", "Exchange differences, unrealised"),
                            ("AR_REVALUATION", "Revaluation of receivables"),
                            ("BANK", "Bank"),
                            ("CARD_CLEARING", "Card clearing"),
                            ("DD_CLEARING", "Direct debit clearing"),
                            ("PAYMENT_CLEARING", "Payments in transit"),
                            ("BANK_FEES", "Bank fees"),
                            ("PAYMENT_FEES", "Payment provider fees"),
                            ("CHARGEBACK_FEES", "Chargeback fees"),
                            ("LATE_INTEREST_INCOME", "Late interest"),
                            ("DUNNING_FEE_INCOME", "Reminder fees"),
                            ("AP_CONTROL", "Trade payables"),
                            ("GRNI", "Goods received, not invoiced"),
                            ("PRICE_VARIANCE", "Price variances"),
                            ("LANDED_COST_CLEARING", "Landed cost clearing"),
                            ("SUPPLIER_PREPAYMENTS", "Prepayments to suppliers"),
                            ("DISCOUNT_RECEIVED", "Discounts received"),
                            ("EXPENSE", "Expenses"),
                            ("IC_RECEIVABLE", "Intercompany receivables"),
                            ("IC_PAYABLE", "Intercompany payables"),
                            ("IC_REVENUE", "Intercompany revenue"),
                            ("IC_EXPENSE", "Intercompany expense"),
                            ("OPENING_BALANCE", "Opening balances"),
                            ("RETAINED_EARNINGS", "Retained earnings"),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[("debit", "Debit"), ("credit", "Credit")], max_length=6
                    ),
                ),
                ("source_kind", models.CharField(max_length=20)),
                ("source_id", models.BigIntegerField()),
                ("source_name", models.CharField(max_length=40, verbose_name="document")),
                ("position", models.PositiveSmallIntegerField(default=1)),
                ("posted_on", models.DateField(verbose_name="date")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                ("due_on", models.DateField(verbose_name="due")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "amount",
                    models.DecimalField(decimal_places=4, max_digits=20, verbose_name="amount"),
                ),
                ("base_amount", models.DecimalField(decimal_places=4, max_digits=20)),
                (
                    "open_amount",
                    models.DecimalField(decimal_places=4, max_digits=20, verbose_name="open"),
                ),
                ("open_base_amount", models.DecimalField(decimal_places=4, max_digits=20)),
                (
                    "payment_reference",
                    models.CharField(blank=True, max_length=35, verbose_name="reference"),
                ),
                ("dunning_level", models.PositiveSmallIntegerField(default=0)),
                ("is_disputed", models.BooleanField(default=False)),
                ("taken_back_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "verbose_name": "open item",
                "verbose_name_plural": "open items",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source_kind", "source_id", "position"),
                        name="once_per_source_and_position",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("open_amount__gte", 0), ("open_amount__lte", models.F("amount"))
                        ),
                        name="open_amount_in_bounds",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("open_base_amount__gte", 0),
                            ("open_base_amount__lte", models.F("base_amount")),
                        ),
                        name="open_base_in_bounds",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("open_amount", 0), _negated=True),
                            ("open_base_amount", 0),
                            _connector="OR",
                        ),
                        name="closed_in_both",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Period",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "module",
                    models.CharField(
                        choices=[
                            ("AR", "Receivables"),
                            ("AP", "Payables"),
                            ("INV", "Inventory"),
                            ("GL", "General ledger"),
                        ],
                        max_length=3,
                        verbose_name="part",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(verbose_name="to")),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("open", "Open"),
                            ("soft_closed", "Closed except for controllers"),
                            ("closed", "Closed"),
                            ("locked", "Locked for good"),
                        ],
                        default="open",
                        max_length=12,
                        protected=True,
                    ),
                ),
            ],
            options={
                "verbose_name": "period",
                "verbose_name_plural": "periods",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="period_days",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TaxCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=12, verbose_name="code")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
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
                (
                    "tax_class",
                    models.CharField(blank=True, max_length=10, verbose_name="product's tax"),
                ),
                (
                    "rate",
                    models.DecimalField(
                        decimal_places=4, max_digits=7, verbose_name="rate in percent"
                    ),
                ),
                (
                    "exemption_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="reason printed"),
                ),
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to")),
            ],
            options={
                "verbose_name": "tax code",
                "verbose_name_plural": "tax codes",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("category", "S"), ("rate__gt", 0)),
                            models.Q(models.Q(("category", "S"), _negated=True), ("rate", 0)),
                            _connector="OR",
                        ),
                        name="tax_rate_of_category",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="tax_days",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TaxCodeEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("code", models.CharField(max_length=12, verbose_name="code")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
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
                (
                    "tax_class",
                    models.CharField(blank=True, max_length=10, verbose_name="product's tax"),
                ),
                (
                    "rate",
                    models.DecimalField(
                        decimal_places=4, max_digits=7, verbose_name="rate in percent"
                    ),
                ),
                (
                    "exemption_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="reason printed"),
                ),
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TotalsMark",
            fields=[
                (
                    "company",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="core.company",
                    ),
                ),
                ("entry_id", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Account",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=10, verbose_name="number")),
                ("title", models.CharField(max_length=100, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("asset", "Asset"),
                            ("liability", "Liability"),
                            ("equity", "Equity"),
                            ("income", "Income"),
                            ("expense", "Expense"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("AR_CONTROL", "Trade receivables"),
                            ("UNAPPLIED_RECEIPTS", "Unapplied receipts and credits"),
                            ("UNBILLED_RECEIVABLE", "Unbilled receivables"),
                            ("DEFERRED_REVENUE", "Deferred revenue"),
                            ("CUSTOMER_DEPOSITS", "Customer deposits"),
                            ("REVENUE", "Revenue"),
                            ("REVENUE_RETURNS", "Returns and credit notes"),
                            ("DISCOUNT_GIVEN", "Discounts given"),
                            ("FREIGHT_INCOME", "Freight income"),
                            ("VAT_OUTPUT", "VAT on sales"),
                            ("VAT_INPUT", "VAT on purchases"),
                            ("VAT_RC_OUTPUT", "Reverse-charge VAT owed"),
                            ("VAT_RC_INPUT", "Reverse-charge VAT deductible"),
                            ("VAT_IMPORT", "Import VAT"),
                            ("INVENTORY", "Inventory"),
                            ("INVENTORY_DIFFERENCE", "Inventory differences"),
                            ("COGS", "Cost of goods sold"),
                            ("BAD_DEBT", "Bad debts"),
                            ("ECL_ALLOWANCE", "Allowance for credit losses"),
                            ("ECL_EXPENSE", "Expected credit losses"),
                            ("PAYMENT_DIFFERENCE", "Payment differences"),
                            ("FX_REALISED", "Exchange differences, realised"),
                            ("FX_UNREALISED", "Exchange differences, unrealised"),
                            ("AR_REVALUATION", "Revaluation of receivables"),
                            ("BANK", "Bank"),
                            ("CARD_CLEARING", "Card clearing"),
                            ("DD_CLEARING", "Direct debit clearing"),
                            ("PAYMENT_CLEARING", "Payments in transit"),
                            ("BANK_FEES", "Bank fees"),
                            ("PAYMENT_FEES", "Payment provider fees"),
                            ("CHARGEBACK_FEES", "Chargeback fees"),
                            ("LATE_INTEREST_INCOME", "Late interest"),
                            ("DUNNING_FEE_INCOME", "Reminder fees"),
                            ("AP_CONTROL", "Trade payables"),
                            ("GRNI", "Goods received, not invoiced"),
                            ("PRICE_VARIANCE", "Price variances"),
                            ("LANDED_COST_CLEARING", "Landed cost clearing"),
                            ("SUPPLIER_PREPAYMENTS", "Prepayments to suppliers"),
                            ("DISCOUNT_RECEIVED", "Discounts received"),
                            ("EXPENSE", "Expenses"),
                            ("IC_RECEIVABLE", "Intercompany receivables"),
                            ("IC_PAYABLE", "Intercompany payables"),
                            ("IC_REVENUE", "Intercompany revenue"),
                            ("IC_EXPENSE", "Intercompany expense"),
                            ("OPENING_BALANCE", "Opening balances"),
                            ("RETAINED_EARNINGS", "Retained earnings"),
                        ],
                        max_length=24,
                        verbose_name="used for",
                    ),
                ),
                ("archived_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "company",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.company",
                    ),
                ),
            ],
            options={
                "verbose_name": "account",
                "verbose_name_plural": "accounts",
                "ordering": ("company", "number"),
                "constraints": [
                    models.UniqueConstraint(fields=("company", "number"), name="account_number"),
                    models.UniqueConstraint(
                        condition=models.Q(("role", ""), _negated=True),
                        fields=("company", "role"),
                        name="one_account_per_role",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AccountEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("number", models.CharField(max_length=10, verbose_name="number")),
                ("title", models.CharField(max_length=100, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("asset", "Asset"),
                            ("liability", "Liability"),
                            ("equity", "Equity"),
                            ("income", "Income"),
                            ("expense", "Expense"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("AR_CONTROL", "Trade receivables"),
                            ("UNAPPLIED_RECEIPTS", "Unapplied receipts and credits"),
                            ("UNBILLED_RECEIVABLE", "Unbilled receivables"),
                            ("DEFERRED_REVENUE", "Deferred revenue"),
                            ("CUSTOMER_DEPOSITS", "Customer deposits"),
                            ("REVENUE", "Revenue"),
                            ("REVENUE_RETURNS", "Returns and credit notes"),
                            ("DISCOUNT_GIVEN", "Discounts given"),
                            ("FREIGHT_INCOME", "Freight income"),
                            ("VAT_OUTPUT", "VAT on sales"),
                            ("VAT_INPUT", "VAT on purchases"),
                            ("VAT_RC_OUTPUT", "Reverse-charge VAT owed"),
                            ("VAT_RC_INPUT", "Reverse-charge VAT deductible"),
                            ("VAT_IMPORT", "Import VAT"),
                            ("INVENTORY", "Inventory"),
                            ("INVENTORY_DIFFERENCE", "Inventory differences"),
                            ("COGS", "Cost of goods sold"),
                            ("BAD_DEBT", "Bad debts"),
                            ("ECL_ALLOWANCE", "Allowance for credit losses"),
                            ("ECL_EXPENSE", "Expected credit losses"),
                            ("PAYMENT_DIFFERENCE", "Payment differences"),
                            ("FX_REALISED", "Exchange differences, realised"),
                            ("FX_UNREALISED", "Exchange differences, unrealised"),
                            ("AR_REVALUATION", "Revaluation of receivables"),
                            ("BANK", "Bank"),
                            ("CARD_CLEARING", "Card clearing"),
                            ("DD_CLEARING", "Direct debit clearing"),
                            ("PAYMENT_CLEARING", "Payments in transit"),
                            ("BANK_FEES", "Bank fees"),
                            ("PAYMENT_FEES", "Payment provider fees"),
                            ("CHARGEBACK_FEES", "Chargeback fees"),
                            ("LATE_INTEREST_INCOME", "Late interest"),
                            ("DUNNING_FEE_INCOME", "Reminder fees"),
                            ("AP_CONTROL", "Trade payables"),
                            ("GRNI", "Goods received, not invoiced"),
                            ("PRICE_VARIANCE", "Price variances"),
                            ("LANDED_COST_CLEARING", "Landed cost clearing"),
                            ("SUPPLIER_PREPAYMENTS", "Prepayments to suppliers"),
                            ("DISCOUNT_RECEIVED", "Discounts received"),
                            ("EXPENSE", "Expenses"),
                            ("IC_RECEIVABLE", "Intercompany receivables"),
                            ("IC_PAYABLE", "Intercompany payables"),
                            ("IC_REVENUE", "Intercompany revenue"),
                            ("IC_EXPENSE", "Intercompany expense"),
                            ("OPENING_BALANCE", "Opening balances"),
                            ("RETAINED_EARNINGS", "Retained earnings"),
                        ],
                        max_length=24,
                        verbose_name="used for",
                    ),
                ),
                ("archived_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "company",
                    models.ForeignKey(
                        db_constraint=False,
                        editable=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="core.company",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="ledger.account",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="BankAccount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=80, verbose_name="name")),
                ("iban", models.CharField(max_length=34, verbose_name="IBAN")),
                ("bic", models.CharField(blank=True, max_length=11, verbose_name="BIC")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "is_default",
                    models.BooleanField(default=False, verbose_name="is printed on invoices"),
                ),
                ("archived_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.account",
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
            ],
            options={
                "verbose_name": "own bank account",
                "verbose_name_plural": "own bank accounts",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("company", "iban", "currency"), name="own_bank_account_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)),
                        fields=("company", "currency"),
                        name="one_printed_bank_account",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BankAccountEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("title", models.CharField(max_length=80, verbose_name="name")),
                ("iban", models.CharField(max_length=34, verbose_name="IBAN")),
                ("bic", models.CharField(blank=True, max_length=11, verbose_name="BIC")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "is_default",
                    models.BooleanField(default=False, verbose_name="is printed on invoices"),
                ),
                ("archived_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="ledger.account",
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        db_constraint=False,
                        editable=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="core.company",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="ledger.bankaccount",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DayTotal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("day", models.DateField()),
                ("base_debit", models.DecimalField(decimal_places=4, max_digits=20)),
                ("base_credit", models.DecimalField(decimal_places=4, max_digits=20)),
                ("debit", models.DecimalField(decimal_places=4, max_digits=20)),
                ("credit", models.DecimalField(decimal_places=4, max_digits=20)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.account",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("account", "day", "currency"), name="one_total_a_day"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=30, verbose_name="number")),
                (
                    "journal",
                    models.CharField(
                        choices=[
                            ("sales", "Sales"),
                            ("cash", "Cash and allocations"),
                            ("stock", "Stock"),
                            ("purchases", "Purchases"),
                            ("general", "General"),
                            ("opening", "Opening"),
                        ],
                        max_length=10,
                        verbose_name="journal",
                    ),
                ),
                ("posting_date", models.DateField(verbose_name="posting date")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                ("source_kind", models.CharField(max_length=20)),
                ("source_id", models.BigIntegerField()),
                ("source_name", models.CharField(max_length=40, verbose_name="document")),
                ("event", models.CharField(max_length=20)),
                ("text", models.CharField(blank=True, max_length=200, verbose_name="text")),
                (
                    "company",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.company",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recorded by",
                    ),
                ),
                (
                    "reverses",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="ledger.entry",
                        verbose_name="reverses",
                    ),
                ),
            ],
            options={
                "verbose_name": "journal entry",
                "verbose_name_plural": "journal entries",
                "indexes": [
                    models.Index(fields=["company", "-posting_date", "-id"], name="entry_latest"),
                    django.contrib.postgres.indexes.BrinIndex(
                        autosummarize=True, fields=["recorded_at"], name="entry_recorded"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source_kind", "source_id", "event"),
                        name="once_per_source_and_event",
                    ),
                    models.UniqueConstraint(fields=("company", "number"), name="entry_number"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Allocation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=4, max_digits=20)),
                ("debit_base", models.DecimalField(decimal_places=4, max_digits=20)),
                ("credit_base", models.DecimalField(decimal_places=4, max_digits=20)),
                ("posting_date", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "company",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.company",
                    ),
                ),
                (
                    "reverses",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="ledger.allocation",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.entry",
                    ),
                ),
            ],
            options={
                "verbose_name": "allocation",
                "verbose_name_plural": "allocations",
                "indexes": [
                    models.Index(fields=["company", "posting_date"], name="allocation_day")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount__gt", 0), ("reverses", None)),
                            models.Q(("amount__lt", 0), ("reverses__isnull", False)),
                            _connector="OR",
                        ),
                        name="allocation_sign",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EntryLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("posting_date", models.DateField()),
                ("base_amount", models.DecimalField(decimal_places=4, max_digits=20)),
                ("currency", models.CharField(max_length=3)),
                ("amount", models.DecimalField(decimal_places=4, max_digits=20)),
                ("partner_id", models.BigIntegerField(null=True)),
                ("open_item_id", models.BigIntegerField(null=True)),
                ("tax_code_id", models.BigIntegerField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.account",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="ledger.entry",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["account", "-posting_date", "-id"], name="line_of_account")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("base_amount", 0), _negated=True),
                            models.Q(("amount", 0), _negated=True),
                            _connector="OR",
                        ),
                        name="line_not_zero",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FxRate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("base", models.CharField(max_length=3, verbose_name="currency")),
                ("quote", models.CharField(max_length=3, verbose_name="in")),
                ("on", models.DateField(verbose_name="day")),
                (
                    "rate",
                    models.DecimalField(decimal_places=12, max_digits=24, verbose_name="rate"),
                ),
                ("source", models.CharField(max_length=40, verbose_name="source")),
            ],
            options={
                "verbose_name": "exchange rate",
                "verbose_name_plural": "exchange rates",
                "constraints": [
                    models.UniqueConstraint(fields=("base", "quote", "on"), name="rate_once_a_day"),
                    models.CheckConstraint(
                        condition=models.Q(("rate__gt", 0)), name="rate_positive"
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="fxrate",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "ledger_fxrateevent" ("base", "id", "on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quote", "rate", "source") SELECT new_values."base", new_values."id", new_values."on", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."quote", new_values."rate", new_values."source" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="d6ea38a63245fcd320423412656e52a0518a4ddf",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_da46f",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="ledger_fxrate",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="fxrate",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "ledger_fxrateevent" ("base", "id", "on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quote", "rate", "source") SELECT new_values."base", new_values."id", new_values."on", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."quote", new_values."rate", new_values."source" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="c4c9302311d8bbb529882da4cfdf6adba9a94e8a",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_b3a2f",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="ledger_fxrate",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="fxrate",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "ledger_fxrateevent" ("base", "id", "on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quote", "rate", "source") SELECT old_values."base", old_values."id", old_values."on", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."quote", old_values."rate", old_values."source" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="72cd26006f40422ee5e847520fc699ae036aab6d",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_937eb",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="ledger_fxrate",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="fxrateevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="fxrateevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="ledger.fxrate",
            ),
        ),
        migrations.AddField(
            model_name="openitem",
            name="company",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="core.company",
            ),
        ),
        migrations.AddField(
            model_name="openitem",
            name="customer",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="partners.customer",
            ),
        ),
        migrations.AddField(
            model_name="openitem",
            name="supplier",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="partners.supplier",
            ),
        ),
        migrations.AddField(
            model_name="allocation",
            name="credit_item",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="credit_allocations",
                to="ledger.openitem",
            ),
        ),
        migrations.AddField(
            model_name="allocation",
            name="debit_item",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="debit_allocations",
                to="ledger.openitem",
            ),
        ),
        migrations.AddField(
            model_name="period",
            name="company",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="core.company",
            ),
        ),
        migrations.AddField(
            model_name="taxcode",
            name="company",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="core.company",
            ),
        ),
        migrations.AddField(
            model_name="taxcodeevent",
            name="company",
            field=models.ForeignKey(
                db_constraint=False,
                editable=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="core.company",
            ),
        ),
        migrations.AddField(
            model_name="taxcodeevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="taxcodeevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="ledger.taxcode",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="account",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "ledger_accountevent" ("archived_at", "company_id", "id", "kind", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "title") SELECT new_values."archived_at", new_values."company_id", new_values."id", new_values."kind", new_values."number", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."role", new_values."title" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="bbec6bdb4d64c03df6f842c0a444a599a3f81593",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_75e84",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="ledger_account",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="account",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "ledger_accountevent" ("archived_at", "company_id", "id", "kind", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "title") SELECT new_values."archived_at", new_values."company_id", new_values."id", new_values."kind", new_values."number", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."role", new_values."title" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="5c68f00a2396e0a6c14fb8da948defd697493692",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ea942",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="ledger_account",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="account",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "ledger_accountevent" ("archived_at", "company_id", "id", "kind", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "title") SELECT old_values."archived_at", old_values."company_id", old_values."id", old_values."kind", old_values."number", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."role", old_values."title" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="e557c8552df92d76ca18564782e4dad4a1489afb",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_52d82",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="ledger_account",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bankaccount",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "ledger_bankaccountevent" ("account_id", "archived_at", "bic", "company_id", "currency", "iban", "id", "is_default", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "title") SELECT new_values."account_id", new_values."archived_at", new_values."bic", new_values."company_id", new_values."currency", new_values."iban", new_values."id", new_values."is_default", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."title" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="6ced28c06f2f9dfd1f02f2535cfb409c250c15cc",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_bf17a",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="ledger_bankaccount",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bankaccount",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "ledger_bankaccountevent" ("account_id", "archived_at", "bic", "company_id", "currency", "iban", "id", "is_default", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "title") SELECT new_values."account_id", new_values."archived_at", new_values."bic", new_values."company_id", new_values."currency", new_values."iban", new_values."id", new_values."is_default", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."title" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="257dd1b5c56bd0e603b1c944e56000d7ee6dccf6",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_1c9b9",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="ledger_bankaccount",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bankaccount",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "ledger_bankaccountevent" ("account_id", "archived_at", "bic", "company_id", "currency", "iban", "id", "is_default", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "title") SELECT old_values."account_id", old_values."archived_at", old_values."bic", old_values."company_id", old_values."currency", old_values."iban", old_values."id", old_values."is_default", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."title" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="43d114466e40ab02121daf57d130b510554294c6",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_a07e3",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="ledger_bankaccount",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="openitem",
            index=models.Index(
                condition=models.Q(("open_amount", 0), _negated=True),
                fields=["company", "customer", "currency"],
                include=(
                    "account_role",
                    "due_on",
                    "open_amount",
                    "open_base_amount",
                    "posted_on",
                    "side",
                ),
                name="item_open",
            ),
        ),
        migrations.AddIndex(
            model_name="openitem",
            index=models.Index(
                condition=models.Q(
                    models.Q(("open_amount", 0), _negated=True),
                    ("account_role", "UNAPPLIED_RECEIPTS"),
                ),
                fields=["company"],
                name="item_unapplied",
            ),
        ),
        migrations.AddIndex(
            model_name="openitem",
            index=models.Index(
                condition=models.Q(("payment_reference", ""), _negated=True),
                fields=["company", "payment_reference"],
                name="item_reference",
            ),
        ),
        migrations.AddIndex(
            model_name="openitem",
            index=models.Index(fields=["company", "source_name"], name="item_source_name"),
        ),
        migrations.AddIndex(
            model_name="openitem",
            index=models.Index(
                condition=models.Q(("supplier__isnull", False)),
                fields=["supplier"],
                name="item_supplier",
            ),
        ),
        migrations.AddConstraint(
            model_name="openitem",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("position", 1), ("source_kind", "open_item"), ("taken_back_at", None)
                ),
                fields=("company", "customer", "supplier", "source_name"),
                name="once_taken_over",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="openitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("taken_back_at", None),
                    models.Q(("open_amount", 0), ("source_kind", "open_item")),
                    _connector="OR",
                ),
                name="taken_back_is_closed",
            ),
        ),
        migrations.AddConstraint(
            model_name="openitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("customer", None), ("supplier", None), _connector="OR"),
                name="item_of_one_partner",
            ),
        ),
        migrations.AddConstraint(
            model_name="period",
            constraint=models.UniqueConstraint(
                fields=("company", "module", "starts_on"), name="period_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="taxcode",
            constraint=models.UniqueConstraint(
                fields=("company", "code", "valid_from"), name="tax_code_once"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="taxcode",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "ledger_taxcodeevent" ("category", "code", "company_id", "exemption_reason", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rate", "tax_class", "valid_from", "valid_to") SELECT new_values."category", new_values."code", new_values."company_id", new_values."exemption_reason", new_values."id", new_values."name", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."rate", new_values."tax_class", new_values."valid_from", new_values."valid_to" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="05f8df49b354ede82255b959ef4418b41822fef4",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_dd644",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="ledger_taxcode",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="taxcode",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "ledger_taxcodeevent" ("category", "code", "company_id", "exemption_reason", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rate", "tax_class", "valid_from", "valid_to") SELECT new_values."category", new_values."code", new_values."company_id", new_values."exemption_reason", new_values."id", new_values."name", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."rate", new_values."tax_class", new_values."valid_from", new_values."valid_to" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="9454deacf92dd1694c4f68fef0c6175b77c923ee",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_26169",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="ledger_taxcode",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="taxcode",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "ledger_taxcodeevent" ("category", "code", "company_id", "exemption_reason", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rate", "tax_class", "valid_from", "valid_to") SELECT old_values."category", old_values."code", old_values."company_id", old_values."exemption_reason", old_values."id", old_values."name", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."rate", old_values."tax_class", old_values."valid_from", old_values."valid_to" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="c88e2d83680bc7afcbe2e435c36a5cb35e7c7ade",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_72fb7",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="ledger_taxcode",
                    when="AFTER",
                ),
            ),
        ),
    ]
