import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0002_append_only"),
        ("ledger", "0002_books"),
        ("partners", "0001_initial"),
        ("users", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="ContactNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("call", "Call"),
                            ("email", "E-mail"),
                            ("letter", "Letter"),
                            ("visit", "Visit"),
                        ],
                        default="call",
                        max_length=6,
                        verbose_name="by",
                    ),
                ),
                (
                    "spoke_with",
                    models.CharField(blank=True, max_length=120, verbose_name="spoke with"),
                ),
                ("text", models.TextField(max_length=2000, verbose_name="what was said")),
                (
                    "next_contact_on",
                    models.DateField(blank=True, null=True, verbose_name="come back on"),
                ),
                ("noted_at", models.DateTimeField(verbose_name="when")),
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
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.customer",
                    ),
                ),
                ("items", models.ManyToManyField(related_name="+", to="ledger.openitem")),
                (
                    "noted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "contact note",
                "verbose_name_plural": "contact notes",
                "indexes": [models.Index(fields=["customer", "-noted_at"], name="contact_latest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="contact_says_something",
                    )
                ],
            },
        ),
    ]
