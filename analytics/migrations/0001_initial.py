import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("users", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Proof",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="asked for")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                ("violations", models.PositiveIntegerField(default=0, verbose_name="violations")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "proof of the books",
                "verbose_name_plural": "proofs of the books",
                "indexes": [models.Index(fields=["-ended_at"], name="proof_latest")],
            },
        ),
        migrations.CreateModel(
            name="ProofResult",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("invariant", models.CharField(max_length=8, verbose_name="invariant")),
                ("name", models.CharField(max_length=200, verbose_name="promise")),
                ("violations", models.PositiveIntegerField(verbose_name="violations")),
                ("examples", models.JSONField(default=list)),
                ("milliseconds", models.PositiveIntegerField(verbose_name="milliseconds")),
                (
                    "proof",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="results",
                        to="analytics.proof",
                    ),
                ),
            ],
            options={
                "verbose_name": "result of an invariant",
                "verbose_name_plural": "results of invariants",
                "ordering": ("proof", "invariant"),
                "constraints": [
                    models.UniqueConstraint(fields=("proof", "invariant"), name="once_per_proof")
                ],
            },
        ),
    ]
