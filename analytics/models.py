"""Proofs of the books: when they were run and what each invariant said."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from users.models import User


class Proof(models.Model):
    """One run over all invariants of all companies."""

    asked_at = models.DateTimeField(_("asked for"))
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(_("ended"), null=True)
    violations = models.PositiveIntegerField(_("violations"), default=0)

    class Meta:
        verbose_name = _("proof of the books")
        verbose_name_plural = _("proofs of the books")
        indexes = (models.Index(fields=["-ended_at"], name="proof_latest"),)

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M}"


class ProofResult(models.Model):
    """What one invariant said in one run; `examples` are the first rows that break it."""

    proof = models.ForeignKey(Proof, models.CASCADE, related_name="results")
    invariant = models.CharField(_("invariant"), max_length=8)
    name = models.CharField(_("promise"), max_length=200)
    violations = models.PositiveIntegerField(_("violations"))
    examples = models.JSONField(default=list)
    milliseconds = models.PositiveIntegerField(_("milliseconds"))

    class Meta:
        ordering = ("proof", "invariant")
        verbose_name = _("result of an invariant")
        verbose_name_plural = _("results of invariants")
        constraints = (
            models.UniqueConstraint(fields=["proof", "invariant"], name="once_per_proof"),
        )

    def __str__(self) -> str:
        return f"{self.invariant}: {self.violations}"

    @property
    def seconds(self) -> str:
        """How long it took, for a page."""
        return f"{self.milliseconds / 1000:.3f}"
