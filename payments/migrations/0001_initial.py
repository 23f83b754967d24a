import django.db.models.deletion
import django_fsm
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0002_append_only"),
        ("documents", "0001_initial"),
        ("ledger", "0002_books"),
        ("partners", "0001_initial"),
        ("users", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="BankStatement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("statement_id", models.CharField(max_length=40, verbose_name="statement")),
                ("from_date", models.DateField(verbose_name="from")),
                ("to_date", models.DateField(verbose_name="to")),
                (
                    "opening_balance",
                    models.DecimalField(decimal_places=4, max_digits=20, verbose_name="opening"),
                ),
                (
                    "closing_balance",
                    models.DecimalField(decimal_places=4, max_digits=20, verbose_name="closing"),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("chain_position", models.IntegerField(null=True)),
                ("repeated", models.PositiveIntegerField(default=0)),
                ("imported_at", models.DateTimeField(verbose_name="imported")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                (
                    "bank_account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.bankaccount",
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
                    "file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.storedfile",
                    ),
                ),
                (
                    "imported_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "bank statement",
                "verbose_name_plural": "bank statements",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("chain_position__isnull", False)),
                        fields=("bank_account", "statement_id", "from_date"),
                        name="statement_once",
                    ),
                    models.UniqueConstraint(
                        fields=("bank_account", "chain_position"), name="once_per_chain_position"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("chain_position__isnull", False), ("reason", "")),
                            models.Q(
                                ("chain_position", None),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="withdrawn_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BankTransaction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("import_key", models.CharField(db_collation="C", max_length=200)),
                ("position", models.PositiveIntegerField()),
                ("booked_on", models.DateField(verbose_name="booked")),
                ("value_on", models.DateField(verbose_name="value date")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "amount",
                    models.DecimalField(decimal_places=4, max_digits=20, verbose_name="amount"),
                ),
                ("charges", models.DecimalField(decimal_places=4, default=0, max_digits=20)),
                ("is_reversal", models.BooleanField(default=False, verbose_name="reversal")),
                ("code", models.CharField(blank=True, max_length=35)),
                ("counterparty", models.CharField(blank=True, max_length=140, verbose_name="name")),
                (
                    "counterparty_iban",
                    models.CharField(blank=True, max_length=34, verbose_name="IBAN"),
                ),
                (
                    "reference",
                    models.CharField(
                        blank=True, max_length=140, verbose_name="structured reference"
                    ),
                ),
                ("end_to_end_id", models.CharField(blank=True, max_length=35)),
                ("bank_reference", models.CharField(blank=True, max_length=60)),
                ("remittance", models.TextField(blank=True, verbose_name="text")),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("new", "To do"),
                            ("recorded", "Recorded"),
                            ("set_aside", "Set aside"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="new",
                        max_length=12,
                        protected=True,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("times_booked", models.PositiveSmallIntegerField(default=0)),
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
                    "entry",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.entry",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transactions",
                        to="payments.bankstatement",
                    ),
                ),
            ],
            options={
                "verbose_name": "bank transaction",
                "verbose_name_plural": "bank transactions",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "new")),
                        fields=["company", "booked_on"],
                        name="transaction_todo",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "withdrawn"), _negated=True),
                        fields=("company", "import_key"),
                        name="transaction_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "set_aside"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="set_aside_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "recorded"), ("entry", None), _connector="OR"),
                        name="booked_is_recorded",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
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
                    "state",
                    django_fsm.FSMField(
                        choices=[("recorded", "Recorded"), ("reversed", "Reversed")],
                        default="recorded",
                        max_length=12,
                        protected=True,
                    ),
                ),
                ("received_on", models.DateField(verbose_name="received")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "amount",
                    models.DecimalField(decimal_places=4, max_digits=20, verbose_name="amount"),
                ),
                ("fx_rate", models.DecimalField(decimal_places=12, default=1, max_digits=24)),
                ("charges", models.DecimalField(decimal_places=4, default=0, max_digits=20)),
                ("payer", models.CharField(blank=True, max_length=140, verbose_name="payer")),
                (
                    "known_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("person", "named by a person"),
                            ("iban", "by bank account"),
                            ("name", "by name"),
                            ("document", "by the document quoted"),
                            ("applied", "by what it was applied to"),
                        ],
                        max_length=10,
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="text")),
                (
                    "finding",
                    models.CharField(
                        choices=[
                            ("a_applied", "Applied without asking"),
                            ("b_proposed", "There is a proposal"),
                            ("c_payer", "The payer is known"),
                            ("d_nothing", "The payer is not known"),
                        ],
                        default="d_nothing",
                        max_length=10,
                    ),
                ),
                ("evidence", models.JSONField(default=list)),
                ("on_account", models.BooleanField(default=False, verbose_name="left on account")),
                ("hands_off", models.BooleanField(default=False)),
                ("reversed_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                (
                    "bank_account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.bankaccount",
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
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.entry",
                    ),
                ),
                (
                    "open_item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.openitem",
                    ),
                ),
                (
                    "returned_by",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returned_receipt",
                        to="payments.banktransaction",
                    ),
                ),
                (
                    "transaction",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="payments.banktransaction",
                    ),
                ),
            ],
            options={
                "verbose_name": "receipt",
                "verbose_name_plural": "receipts",
                "indexes": [
                    models.Index(fields=["company", "-received_on", "-id"], name="receipt_latest"),
                    models.Index(fields=["customer", "-id"], name="receipt_customer"),
                    models.Index(fields=["company", "amount", "-id"], name="receipt_amount"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("company", "number"), name="receipt_number"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "recorded")),
                        fields=("transaction",),
                        name="once_per_bank_transaction",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount__gt", 0),
                            ("charges__gte", 0),
                            ("charges__lt", models.F("amount")),
                        ),
                        name="receipt_positive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("customer", None), ("known_by", "")),
                            ("customer__isnull", False),
                            _connector="OR",
                        ),
                        name="known_payer_is_named",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__isnull", False)), name="receipt_has_number"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "reversed"),
                                ("reversed_at__isnull", False),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            models.Q(
                                ("state", "recorded"), ("returned_by", None), ("reversed_at", None)
                            ),
                            _connector="OR",
                        ),
                        name="reversed_has_moment_and_reason",
                    ),
                ],
            },
        ),
    ]
