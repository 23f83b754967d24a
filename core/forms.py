"""What forms of all apps share, and the forms of the administration pages."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast
from zoneinfo import available_timezones

from babel import Locale
from django import forms
from django.conf import settings
from django.forms.renderers import TemplatesSetting
from django.utils.formats import get_format
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as __

from core.checks import COUNTRIES, vat_number
from core.companies import CHANGEABLE
from core.models import Company
from core.money import bare, unit
from core.refusals import Refused
from core.roles import Role
from core.spreadsheets import parse_number
from users.models import User


class Renderer(TemplatesSetting):
    """Writes plain inputs itself, as their template would: a grid has some hundred of them."""

    PLAIN = frozenset(
        f"django/forms/widgets/{kind}.html"
        for kind in ("text", "number", "date", "email", "hidden", "checkbox")
    )

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if template_name not in self.PLAIN:
            return str(super().render(template_name, context, request))
        widget = context["widget"]
        said = {"type": widget["type"], "name": widget["name"]}
        if widget["value"] is not None:
            said["value"] = widget["value"]
        attrs = [(n, v) for n, v in {**said, **widget["attrs"]}.items() if v is not False]
        texts = [f" {n}" if v is True else f' {n}="{conditional_escape(v)}"' for n, v in attrs]
        return mark_safe(f"<input{''.join(texts)}>")  # noqa: S308  (each value is escaped)


class Day(forms.DateInput):
    """The browser's own calendar; without it, 2026-12-31."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class FigureField(forms.DecimalField):
    """A number as people type it, with comma or point; what could mean two is refused.

    It is shown without thousands and zeros at the end, with at least `least` decimals, and so that
    it is read again: 2.1250, since 2.125 could mean two.
    """

    def __init__(self, *, places: int, least: int = 0, digits: int = 20, **options: Any) -> None:
        self.least = least
        given = {"widget": forms.TextInput, "required": False, **options}
        super().__init__(max_digits=digits, decimal_places=places, **given)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", "autocomplete": "off"}

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal):
            return value
        places, digits = self.decimal_places or 0, self.max_digits or 0
        try:
            return parse_number(str(value), places=places, digits=digits)
        except Refused as refusal:
            raise forms.ValidationError(refusal.message) from None

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Decimal):
            return value
        shown = bare(value)
        places = max(self.least, -int(shown.as_tuple().exponent))
        text = f"{shown.quantize(unit(4 if places == 3 else places)):f}"
        return text.replace(".", get_format("DECIMAL_SEPARATOR"))


def countries() -> list[tuple[str, str]]:
    """ISO 3166 countries by their names in the reader's language."""
    names = Locale.parse((get_language() or "en").replace("-", "_")).territories
    return sorted(((code, names[code]) for code in COUNTRIES), key=lambda row: row[1])


def blame(
    form: forms.BaseForm, refusal: Refused, shown_at: Mapping[str, str] | None = None
) -> None:
    """Shows a refusal beside the field it is about, or above the form."""
    name = str(refusal.numbers.get("field", ""))
    name = (shown_at or {}).get(name, name)
    form.add_error(name if name in form.fields else None, refusal.message)


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(label=__("Reason"), max_length=200)

    def __init__(self, *args: Any, needed: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].required = needed


class CompanyForm(forms.ModelForm[Company]):
    """What a company says of itself. Currency and fiscal year stay: the books stand on them."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    country = forms.ChoiceField(label=__("Country"), choices=countries)
    language = forms.ChoiceField(
        label=__("Language of its documents"), choices=settings.DOCUMENT_LANGUAGES
    )
    time_zone = forms.ChoiceField(
        label=__("Time zone"), choices=lambda: [(z, z) for z in sorted(available_timezones())]
    )

    class Meta:
        model = Company
        fields = CHANGEABLE

    def clean_vat_id(self) -> str:
        """The number in its full form, checked where the country has a rule for it."""
        land = self.cleaned_data.get("country", "")
        try:
            return vat_number(self.cleaned_data["vat_id"], land)
        except Refused as refusal:
            raise forms.ValidationError(refusal.message) from None

    def changes(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in CHANGEABLE}


class RoleForm(forms.Form):
    """A person and the role to give."""

    email = forms.EmailField(label=__("E-mail address"), max_length=254)
    name = forms.CharField(
        label=__("Name"),
        max_length=150,
        required=False,
        help_text=__("Only for somebody who has no login yet."),
    )
    role = forms.ChoiceField(label=__("Role"), choices=Role.choices)

    def wanted(self) -> dict[str, Any]:
        return {**self.cleaned_data, "role": Role(self.cleaned_data["role"])}


class SettingsForm(forms.ModelForm[User]):
    """How a person wants to be called and to see the screens."""

    language = forms.ChoiceField(label=__("Language"), choices=settings.LANGUAGES)

    class Meta:
        model = User
        fields = ("name", "language", "theme", "density")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if len(settings.LANGUAGES) == 1:
            del self.fields["language"]  # there is nothing to choose

    def wanted(self) -> dict[str, str]:
        return cast(dict[str, str], self.cleaned_data)
