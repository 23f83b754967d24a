"""The demo's customers and products, made from a fixed seed: believable, and nobody real."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import count, product
from random import Random

from schwifty import IBAN
from stdnum.at import uid as at_vat
from stdnum.de import vat as de_vat
from stdnum.fr import siren
from stdnum.gb import vat as gb_vat
from stdnum.nl import btw as nl_vat

from core.money import round_to
from o2c.demo.habits import BANKRUPT, Habit, pick_habit

FIRST = """
    Alster Anker Bergmann Birken Brandt Brunnen Clausen Delta Dorn Eichen Elbtal Falken Feldmann
    Fischer Garten Gerber Grau Hafen Hansen Heide Hirsch Holm Insel Jansen Kiefer Klar Koch
    Krone Kupfer Lang Linden Lorenz Marsch Meer Mohr Nebel Nord Oster Peters Quell Rabe Reuter
    Rosen Sand Schilf Sommer Stein Sturm Tannen Ufer Vogel Wald Weber Wiesen Winter Wolke Ziegel
    Zimmer
""".split()  # noqa: SIM905
FRENCH = """
    Ancre Aubert Beaulieu Blanc Bonnet Chêne Clair Colline Dubreuil Écluse Fontaine Garnier
    Hameau Île Jardin Lefort Lumière Marchal Moulin Noyer Olivier Perrin Pont Renard Rivage
    Roche Sapin Tilleul Vallon Verger
""".split()  # noqa: SIM905
ENGLISH = """
    Ashdown Beacon Bramley Briar Clifton Coldharbour Elmwood Fairfax Foxley Glenmore Hartley
    Hollin Kestrel Larkhill Linden Marlowe Norbury Oakhurst Pennard Quarry Ridgeway Rowan
    Saltford Stanton Thornbury Upland Wexcombe Whitby Willow Yarrow
""".split()  # noqa: SIM905

SUPPLIERS = {
    "DE": ("Sauer Stahlwaren GmbH", "Bergland Schleifmittel AG", "Kastor Spedition GmbH"),
    "FR": ("Forges de l'Isère SAS", "Abrasifs du Rhône SARL", "Transports Berthier SAS"),
    "GB": ("Severn Forge Ltd", "Mendip Abrasives Ltd", "Avon Freight Ltd"),
}

CALLED = ("A. Berger", "C. Moreau", "D. Hughes", "E. Visser", "H. Wagner", "L. Petit", "S. Ward")
DIALLED = {"DE": "+49 40", "AT": "+43 1", "FR": "+33 4", "NL": "+31 20", "GB": "+44 117"}


def person(country: str, place: int) -> tuple[str, str]:
    """The name and the telephone of somebody at a customer."""
    return CALLED[place % len(CALLED)], f"{DIALLED.get(country, '+49 40')} 555 {place:04d}"


@dataclass(frozen=True)
class Country:
    """Where a customer sits: its cities, how firms are called, and how VAT numbers look."""

    code: str
    language: str
    names: tuple[str, ...]
    trades: tuple[str, ...]
    cities: tuple[tuple[str, str], ...]
    streets: tuple[str, ...]
    vat_number: Callable[[Random], str]


def digits(random: Random, length: int) -> str:
    return "".join(random.choice("0123456789") for _place in range(length))


def valid(random: Random, pattern: str, check: Callable[[str], bool]) -> str:
    """Numbers of a pattern (9 = any digit) are tried until the check digits fit."""
    while True:
        number = "".join(digits(random, 1) if sign == "9" else sign for sign in pattern)
        if check(number):
            return number


def french_vat_number(number: str) -> str:
    """The VAT number of a firm's SIREN, with its key of two digits."""
    return f"FR{(12 + 3 * int(number)) % 97:02d}{number}"


COUNTRIES = {
    "DE": Country(
        "DE",
        "de",
        tuple(FIRST),
        ("Maschinenbau GmbH", "Metallbau GmbH", "Holzbau KG", "Werkstatt GmbH", "Baubedarf AG",
         "Montage GmbH", "Technik GmbH & Co. KG", "Handwerk e.K."),
        (("20457", "Hamburg"), ("10115", "Berlin"), ("80331", "München"), ("50667", "Köln"),
         ("28195", "Bremen"), ("01067", "Dresden"), ("70173", "Stuttgart")),
        ("Hafenstraße", "Industriestraße", "Am Markt", "Lindenweg", "Werkring", "Bahnhofstraße"),
        lambda random: valid(random, "DE199999999", de_vat.is_valid),
    ),
    "AT": Country(
        "AT",
        "de",
        tuple(FIRST),
        ("Metallbau GmbH", "Holzbau GmbH", "Technik GmbH"),
        (("1010", "Wien"), ("4020", "Linz"), ("8010", "Graz")),
        ("Hauptstraße", "Ringstraße", "Werkgasse"),
        lambda random: valid(random, "ATU99999999", at_vat.is_valid),
    ),
    "NL": Country(
        "NL",
        "en",
        ("De Brug", "Het Anker", "Oosterdok", "Zuidhaven", "Noorderlicht", "Waterkant", "Polder"),
        ("Bouw B.V.", "Techniek B.V.", "Montage B.V."),
        (("3011 AA", "Rotterdam"), ("1012 AB", "Amsterdam"), ("5611 EM", "Eindhoven")),
        ("Havenweg", "Dijkstraat", "Marktplein"),
        lambda random: valid(random, "NL999999999B01", nl_vat.is_valid),
    ),
    "FR": Country(
        "FR",
        "en",
        tuple(FRENCH),
        ("Constructions SAS", "Menuiserie SARL", "Outillage SA", "Bâtiment SAS", "Ateliers SARL"),
        (("69002", "Lyon"), ("75011", "Paris"), ("13001", "Marseille"), ("33000", "Bordeaux"),
         ("59000", "Lille"), ("44000", "Nantes")),
        ("rue de la Gare", "quai des Arts", "avenue du Port", "rue des Tilleuls"),
        lambda random: french_vat_number(valid(random, "999999999", siren.is_valid)),
    ),
    "GB": Country(
        "GB",
        "en",
        tuple(ENGLISH),
        ("Engineering Ltd", "Joinery Ltd", "Builders Ltd", "Fabrication plc", "Tools & Co"),
        (("BS1 6LY", "Bristol"), ("M1 1AE", "Manchester"), ("LS1 4DY", "Leeds"),
         ("EH1 1YZ", "Edinburgh"), ("SW1A 2AA", "London")),
        ("Station Road", "Mill Lane", "High Street", "Quay Street", "Forge Way"),
        lambda random: valid(random, "GB999999999", gb_vat.is_valid),
    ),
}  # fmt: skip

# Where the customers of each company sit, of 100.
WHERE = {
    "nordwind": {"DE": 78, "AT": 10, "NL": 8, "GB": 4},
    "rive": {"FR": 88, "NL": 6, "DE": 6},
    "harbour": {"GB": 96, "FR": 4},
}
CUSTOMERS = {"nordwind": 140, "rive": 90, "harbour": 70}
CURRENCY_OF = {"GB": "GBP"}


@dataclass(frozen=True)
class MadeCustomer:
    """A customer to be: what the deed is told, and the habits only the story knows."""

    number: str
    name: str
    country: Country
    street: str
    postcode: str
    city: str
    vat_id: str
    iban: str
    currency: str
    terms: str
    credit_limit: Decimal
    habit: Habit
    weight: int  # how often it orders


def customers(company: str, currency: str, random: Random) -> Iterator[MadeCustomer]:
    """The customers of one company. The first of Nordwind is the one that goes bankrupt."""
    where = WHERE[company]
    taken: set[str] = set()
    for number in range(CUSTOMERS[company]):
        code = random.choices(list(where), list(where.values()))[0]
        country = COUNTRIES[code]
        postcode, city = random.choice(country.cities)
        bankrupt = company == "nordwind" and number == 0
        weight = random.choice((1, 1, 2, 2, 3, 5, 8, 12))
        yield MadeCustomer(
            number=f"C{10001 + number}",
            name=_new_name(country, taken, random),
            country=country,
            street=f"{random.choice(country.streets)} {random.randint(1, 120)}",
            postcode=postcode,
            city=city,
            vat_id=country.vat_number(random),
            iban=str(IBAN.random(country_code=code, random=random)),
            currency=CURRENCY_OF.get(code, currency) if company == "nordwind" else currency,
            terms=random.choice(("NET30", "NET30", "NET30", "NET14", "NET60", "EOM30", "3PARTS")),
            credit_limit=Decimal(random.choice((20, 30, 40, 60, 100))) * weight * 1000,
            habit=BANKRUPT if bankrupt else pick_habit(random),
            weight=weight,
        )


def _new_name(country: Country, taken: set[str], random: Random) -> str:
    for attempt in count():
        name = f"{random.choice(country.names)} {random.choice(country.trades)}"
        if attempt > 20:
            name = f"{random.choice(country.names)} & {name}"
        if name not in taken:
            taken.add(name)
            return name
    raise AssertionError("unreachable")


ARTICLES = (
    ("HM", "Hammer", 14, ("200 g", "300 g", "500 g", "800 g", "1000 g")),
    ("SD", "Screwdriver", 6, ("PH0", "PH1", "PH2", "PZ1", "PZ2", "TX20", "TX25", "6 mm")),
    ("DB", "Drill bit HSS", 3, tuple(f"{n} mm" for n in range(3, 14))),
    ("MB", "Masonry bit", 5, tuple(f"{n} mm" for n in range(5, 17))),
    ("SW", "Spanner", 9, tuple(f"{n} mm" for n in range(8, 25))),
    ("PL", "Pliers", 17, ("combination", "side cutting", "long nose", "water pump")),
    ("SB", "Saw blade", 24, ("160 mm", "190 mm", "210 mm", "250 mm", "300 mm")),
    ("CT", "Cable tie, 100 pieces", 4, tuple(f"{n} mm" for n in range(100, 401, 50))),
    ("SR", "Wood screw, box of 200", 8, tuple(f"4 x {n} mm" for n in range(30, 101, 10))),
    ("BL", "Bolt M8, box of 50", 12, tuple(f"{n} mm" for n in range(20, 121, 10))),
    ("AN", "Anchor, box of 25", 15, tuple(f"{n} mm" for n in range(6, 17, 2))),
    ("GL", "Work gloves", 7, ("S", "M", "L", "XL")),
    ("SH", "Safety shoes", 69, tuple(f"size {n}" for n in range(38, 48))),
    ("HL", "Safety helmet", 18, ("white", "yellow", "blue", "red")),
    ("TP", "Tape measure", 11, ("3 m", "5 m", "8 m", "10 m")),
    ("LV", "Spirit level", 26, ("400 mm", "600 mm", "800 mm", "1200 mm")),
    ("PN", "Paint, 5 l", 32, ("white", "grey", "black", "red", "green")),
    ("BR", "Brush", 4, tuple(f"{n} mm" for n in range(20, 101, 10))),
    ("SP", "Sandpaper, 50 sheets", 13, tuple(f"P{n}" for n in (40, 60, 80, 120, 180, 240, 320))),
    ("LD", "Ladder", 149, ("3 steps", "5 steps", "7 steps", "9 steps")),
)
GRADES = ("Classic", "Pro", "Industry")
BOOKS = ("Workshop handbook", "Safety at work", "Wood joints", "Welding basics")


@dataclass(frozen=True)
class MadeProduct:
    """A product to be, with its price and cost in euros."""

    code: str
    name: str
    tax_class: str
    is_stocked: bool
    price: Decimal
    cost: Decimal


def products(random: Random, most: int = 400) -> list[MadeProduct]:
    """The catalogue: tools in grades, a few books at the reduced rate, a few services."""
    tools = [
        (article, variant, grade)
        for grade, article in product(range(len(GRADES)), ARTICLES)
        for variant in article[3]
    ]
    made = [
        _tool(f"{stem}-{number:03d}", f"{title} {variant}, {GRADES[grade]}", grade, euros, random)
        for number, ((stem, title, euros, _), variant, grade) in enumerate(tools, start=1)
    ]
    books = [
        MadeProduct(f"BK-{i:03d}", title, "reduced", True, Decimal("24.90"), Decimal("14.10"))
        for i, title in enumerate(BOOKS, start=1)
    ]
    services = [
        MadeProduct("SV-001", "Tool inspection", "standard", False, Decimal("85.00"), Decimal(0)),
        MadeProduct("SV-002", "Delivery to site", "standard", False, Decimal("39.00"), Decimal(0)),
    ]
    return [*made[: most - len(books) - len(services)], *books, *services]


def _tool(code: str, name: str, grade: int, euros: int, random: Random) -> MadeProduct:
    price = round_to(
        euros * (1 + grade * Decimal("0.35")) * Decimal(random.randint(85, 130)) / 100, 2
    )
    cost = round_to(price * Decimal(random.randint(52, 68)) / 100, 2)
    return MadeProduct(code, name, "standard", True, price, cost)
