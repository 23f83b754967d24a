"""Rows: keys point down only, every business row has a company and one door, ids are bigint."""

from django.apps import apps
from django.db import models

from core.models import CompanyRow
from tests.architecture.source import APPS

FLOORS = {
    "users": 0, "core": 1, "partners": 2, "catalog": 3, "ledger": 3, "documents": 3,
    "inventory": 4, "orders": 5, "invoicing": 6, "payments": 7, "dunning": 8, "analytics": 9,
    "o2c": 10,
}  # fmt: skip


def own_models():
    return [model for model in apps.get_models() if model._meta.app_label in APPS and own(model)]


def own(model):
    """Not a history table, which pghistory makes."""
    return not hasattr(model, "pgh_tracked_model")


def keys():
    return [
        (model, field)
        for model in own_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.ManyToManyField)
        and field.related_model._meta.app_label in APPS
    ]


def points_up(lower, upper):
    return FLOORS[lower] < FLOORS[upper] or (FLOORS[lower] == FLOORS[upper] and lower != upper)


def test_foreign_keys_point_down():
    up = [
        str(field)
        for model, field in keys()
        if points_up(model._meta.app_label, field.related_model._meta.app_label)
    ]
    assert up == []
    assert points_up("orders", "invoicing")
    assert points_up("catalog", "ledger")


def test_lower_apps_do_not_know_who_points_at_them():
    named = [
        str(field)
        for model, field in keys()
        if model._meta.app_label != field.related_model._meta.app_label
        and not field.remote_field.hidden
    ]
    assert named == []


def test_every_key_is_a_bigint():
    assert {type(m._meta.pk) for m in own_models()} <= {models.BigAutoField, models.OneToOneField}


def test_every_row_of_a_company_names_its_door():
    rows = [m for m in own_models() if issubclass(m, CompanyRow)]
    assert len(rows) > 20
    for model in rows:
        assert model.view_permission, model
        assert hasattr(model.objects.none(), "visible_to"), model


def test_money_columns_are_exact():
    floats = [
        str(field)
        for model in own_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.FloatField)
    ]
    assert floats == []
