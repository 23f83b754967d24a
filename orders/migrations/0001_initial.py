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
        ("inventory", "0001_initial"),
        ("ledger", "0002_books"),
        ("partners", "0001_initial"),
        ("users", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Order",
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
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Submitted"),
                            ("confirmed", "Confirmed"),
                            ("closed", "Closed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="draft",
                        max_length=12,
                        protected=True,
                    ),
                ),
                (
                    "customer_reference",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="customer's order number"
                    ),
                ),
                ("reference_key", models.CharField(blank=True, editable=False, max_length=60)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("screen", "Entered"),
                            ("spreadsheet", "Spreadsheet"),
                            ("email", "E-mail"),
                            ("phone", "Telephone"),
                            ("web", "Web"),
                        ],
                        default="screen",
                        max_length=12,
                        verbose_name="came by",
                    ),
                ),
                ("ordered_on", models.DateField(verbose_name="order date")),
                ("requested_on", models.DateField(blank=True, null=True, verbose_name="wanted on")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("note", models.TextField(blank=True, verbose_name="note")),
                (
                    "net",
                    models.DecimalField(
                        decimal_places=4, default=0, max_digits=20, verbose_name="net"
                    ),
                ),
                (
                    "tax",
                    models.DecimalField(
                        decimal_places=4, default=0, max_digits=20, verbose_name="tax"
                    ),
                ),
                (
                    "gross",
                    models.DecimalField(
                        decimal_places=4, default=0, max_digits=20, verbose_name="total"
                    ),
                ),
                (
                    "billed_net",
                    models.DecimalField(decimal_places=4, default=0, editable=False, max_digits=20),
                ),
                ("submitted_at", models.DateTimeField(editable=False, null=True)),
                ("confirmed_at", models.DateTimeField(editable=False, null=True)),
                ("closed_at", models.DateTimeField(editable=False, null=True)),
                ("cancelled_at", models.DateTimeField(editable=False, null=True)),
                (
                    "company",
                    models.ForeignKey(
                        db_index=False,
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.customer",
                    ),
                ),
                (
                    "edited_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "payment_terms",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.paymentterms",
                    ),
                ),
                (
                    "ship_to",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.address",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.warehouse",
                    ),
                ),
            ],
            options={
                "verbose_name": "order",
                "verbose_name_plural": "orders",
                "indexes": [
                    models.Index(fields=["company", "-ordered_on", "-id"], name="order_latest"),
                    models.Index(fields=["company", "state", "-id"], name="order_state"),
                    models.Index(fields=["customer", "-id"], name="order_customer"),
                    models.Index(
                        condition=models.Q(("reference_key", ""), _negated=True),
                        fields=["company", "reference_key", "customer"],
                        name="order_reference",
                        opclasses=["int8_ops", "varchar_pattern_ops", "int8_ops"],
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("company", "number"), name="order_number"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "draft"),
                            ("state", "cancelled"),
                            ("submitted_at__isnull", False),
                            _connector="OR",
                        ),
                        name="submitted_has_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "cancelled"]),
                            ("number__isnull", False),
                            _connector="OR",
                        ),
                        name="submitted_has_number",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["confirmed", "closed"]), _negated=True),
                            ("confirmed_at__isnull", False),
                            _connector="OR",
                        ),
                        name="confirmed_has_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "closed"), _negated=True),
                            ("closed_at__isnull", False),
                            _connector="OR",
                        ),
                        name="closed_has_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "cancelled"), _negated=True),
                            ("cancelled_at__isnull", False),
                            _connector="OR",
                        ),
                        name="cancelled_has_moment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("credit", "Credit"),
                            ("price", "Price authority"),
                            ("duplicate", "Possible duplicate"),
                            ("data", "Missing data"),
                        ],
                        max_length=12,
                        verbose_name="rule",
                    ),
                ),
                ("rule_version", models.PositiveSmallIntegerField(default=1)),
                ("code", models.CharField(max_length=60)),
                ("message", models.TextField()),
                ("numbers", models.JSONField(default=dict)),
                ("permission", models.CharField(max_length=40)),
                ("order_version", models.PositiveIntegerField()),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("open", "Open"),
                            ("released", "Released"),
                            ("superseded", "Superseded"),
                        ],
                        default="open",
                        max_length=12,
                        protected=True,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "edited_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "caused_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="holds",
                        to="orders.order",
                    ),
                ),
            ],
            options={
                "verbose_name": "hold",
                "verbose_name_plural": "holds",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["order"], name="hold_open"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("order", "rule"),
                        name="one_open_hold_per_rule",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True),
                                ("closed_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="closed_hold_has_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "released"), _negated=True),
                            models.Q(
                                ("closed_by__isnull", False),
                                models.Q(("closed_by", models.F("entered_by")), _negated=True),
                                models.Q(("closed_by", models.F("edited_by")), _negated=True),
                                models.Q(("closed_by", models.F("caused_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="hold_released_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("description", models.CharField(max_length=200, verbose_name="description")),
                (
                    "quantity",
                    models.DecimalField(decimal_places=6, max_digits=20, verbose_name="quantity"),
                ),
                (
                    "unit_price",
                    models.DecimalField(decimal_places=8, max_digits=20, verbose_name="price"),
                ),
                (
                    "discount_percent",
                    models.DecimalField(
                        decimal_places=4, default=0, max_digits=7, verbose_name="discount %"
                    ),
                ),
                ("own_price", models.BooleanField(default=False, verbose_name="agreed price")),
                ("list_price", models.DecimalField(decimal_places=8, max_digits=20, null=True)),
                (
                    "net",
                    models.DecimalField(
                        decimal_places=4, default=0, max_digits=20, verbose_name="net"
                    ),
                ),
                (
                    "shipped",
                    models.DecimalField(
                        decimal_places=6, default=0, max_digits=20, verbose_name="shipped"
                    ),
                ),
                (
                    "cancelled",
                    models.DecimalField(
                        decimal_places=6, default=0, max_digits=20, verbose_name="cancelled"
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="orders.order",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_constraint=False,
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.taxcode",
                    ),
                ),
            ],
            options={
                "verbose_name": "order line",
                "verbose_name_plural": "order lines",
                "ordering": ("order", "position"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("order", "position"), name="order_line_position"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0)), name="order_quantity_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("shipped__gte", 0),
                            ("cancelled__gte", 0),
                            (
                                "quantity__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("shipped"), "+", models.F("cancelled")
                                ),
                            ),
                        ),
                        name="shipped_at_most_ordered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("discount_percent__gte", 0), ("discount_percent__lte", 100)
                        ),
                        name="order_discount",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Shipment",
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
                        choices=[
                            ("planned", "Planned"),
                            ("picked", "Picked"),
                            ("packed", "Packed"),
                            ("shipped", "Shipped"),
                            ("delivered", "Delivered"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="shipped",
                        max_length=12,
                        protected=True,
                    ),
                ),
                ("shipped_on", models.DateField(null=True, verbose_name="shipped on")),
                ("delivered_on", models.DateField(null=True, verbose_name="delivered on")),
                ("carrier", models.CharField(blank=True, max_length=60, verbose_name="carrier")),
                (
                    "tracking_number",
                    models.CharField(blank=True, max_length=60, verbose_name="tracking number"),
                ),
                (
                    "company",
                    models.ForeignKey(
                        db_index=False,
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
                    "entry",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.entry",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shipments",
                        to="orders.order",
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.warehouse",
                    ),
                ),
            ],
            options={
                "verbose_name": "shipment",
                "verbose_name_plural": "shipments",
                "indexes": [
                    models.Index(fields=["company", "-shipped_on", "-id"], name="shipment_latest")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("company", "number"), name="shipment_number"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["shipped", "delivered"]), _negated=True),
                            models.Q(("shipped_on__isnull", False), ("number__isnull", False)),
                            _connector="OR",
                        ),
                        name="shipped_has_day_and_number",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "delivered"), _negated=True),
                            ("delivered_on__isnull", False),
                            _connector="OR",
                        ),
                        name="delivered_has_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ShipmentLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "quantity",
                    models.DecimalField(decimal_places=6, max_digits=20, verbose_name="quantity"),
                ),
                (
                    "cost",
                    models.DecimalField(
                        decimal_places=4, default=0, max_digits=20, verbose_name="cost"
                    ),
                ),
                (
                    "order_line",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shipment_lines",
                        to="orders.orderline",
                    ),
                ),
                (
                    "shipment",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="orders.shipment",
                    ),
                ),
            ],
            options={
                "verbose_name": "shipment line",
                "verbose_name_plural": "shipment lines",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shipment", "order_line"), name="shipment_line_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0)), name="shipped_positive"
                    ),
                ],
            },
        ),
    ]
