"""Currencies and units by their signs, codes and words in each language. Pure data.

CLDR has names of currencies in one or two forms ("долар США"), not the cases that texts use; these are beginnings of
words, which all cases share. A word that several currencies have ("pounds", "crowns") stands where its language
leaves no doubt, or not at all.
"""

from typing import Final

from services.enrich.steps.amounts.numbers import Stems

SIGNS: Final = {
    "€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "₴": "UAH", "₽": "RUB", "₹": "INR", "₩": "KRW", "₺": "TRY",
    "₪": "ILS", "₸": "KZT", "₾": "GEL", "zł": "PLN", "Kč": "CZK", "US$": "USD", "A$": "AUD", "C$": "CAD", "HK$": "HKD",
    "NZ$": "NZD", "S$": "SGD", "R$": "BRL", "AU$": "AUD", "CA$": "CAD",
}  # fmt: skip
CODES: Final = frozenset(
    "EUR USD GBP JPY UAH RUB CHF PLN CZK SEK NOK DKK HUF RON BGN TRY CNY RMB INR KRW AUD CAD NZD SGD HKD BRL MXN ARS "
    "ZAR ILS AED SAR GEL AMD AZN KZT BYN MDL RSD THB IDR MYR PHP VND EGP NGN KES PKR CLP COP PEN".split()
)
_MONEY: Final[dict[str, dict[str, str]]] = {
    "en": {"dollar": "USD", "dollars": "USD", "euro": "EUR", "euros": "EUR", "pounds sterling": "GBP", "yen": "JPY",
           "yuan": "CNY", "renminbi": "CNY", "hryvnia*": "UAH", "hryvnya*": "UAH", "rouble*": "RUB", "ruble*": "RUB",
           "rupee": "INR", "rupees": "INR", "zloty*": "PLN", "lira": "TRY", "swiss francs": "CHF",
           "us dollars": "USD", "australian dollars": "AUD", "canadian dollars": "CAD"},
    "uk": {"долар*": "USD", "дол": "USD", "євро": "EUR", "грн": "UAH", "гривень": "UAH", "гривен*": "UAH",
           "гривн*": "UAH", "рубл*": "RUB", "фунтів стерлінг*": "GBP", "злот*": "PLN", "єн": "JPY",
           "ієн*": "JPY", "юан*": "CNY",
           "швейцарських франк*": "CHF", "канадських долар*": "CAD", "австралійських долар*": "AUD"},
    "ru": {"доллар*": "USD", "долл": "USD", "евро": "EUR", "грн": "UAH", "гривен*": "UAH", "гривн*": "UAH",
           "руб": "RUB", "рубл*": "RUB", "фунтов стерлинг*": "GBP", "злот*": "PLN", "иен*": "JPY", "юан*": "CNY",
           "тенге": "KZT",
           "швейцарских франк*": "CHF", "белорусских рубл*": "BYN"},
    "de": {"euro*": "EUR", "dollar*": "USD", "us-dollar*": "USD", "pfund sterling": "GBP", "britische pfund": "GBP",
           "franken": "CHF", "yen": "JPY", "yuan": "CNY", "rubel*": "RUB", "griwna*": "UAH", "hrywnja*": "UAH",
           "zloty*": "PLN", "lira": "TRY"},
    "fr": {"euro": "EUR", "euros": "EUR", "dollar": "USD", "dollars": "USD", "livres sterling": "GBP",
           "francs suisses": "CHF", "yens": "JPY", "yuans": "CNY", "roubles": "RUB", "hryvnias": "UAH",
           "zlotys": "PLN", "dollars canadiens": "CAD", "dollars australiens": "AUD", "dollars de taïwan": "TWD",
           "dollars taïwanais": "TWD", "dollars hongkongais": "HKD", "dollars de hong": "HKD",
           "dollars de singapour": "SGD", "dollars singapouriens": "SGD", "dollars néo-zélandais": "NZD"},
    "es": {"euro": "EUR", "euros": "EUR", "dólar": "USD", "dólares": "USD", "libras esterlinas": "GBP",
           "francos suizos": "CHF", "yenes": "JPY", "yuanes": "CNY", "rublos": "RUB", "grivnas": "UAH",
           "pesos mexicanos": "MXN", "pesos argentinos": "ARS", "pesos colombianos": "COP", "pesos chilenos": "CLP",
           "reales": "BRL", "dólares canadienses": "CAD", "dólares australianos": "AUD", "dólares taiwaneses": "TWD",
           "dólares de taiwán": "TWD", "dólares de hong": "HKD", "dólares de singapur": "SGD",
           "dólares neozelandeses": "NZD"},
    "pl": {"złot*": "PLN", "zł": "PLN", "euro": "EUR", "dolar*": "USD", "dol": "USD", "funtów szterling*": "GBP",
           "franków szwajcarsk*": "CHF", "jen*": "JPY", "juan*": "CNY", "rubl*": "RUB", "hrywn*": "UAH",
           "koron czeskich": "CZK"},
}  # fmt: skip
_PERCENT: Final[dict[str, dict[str, str]]] = {
    "en": {"percent": "%", "per cent": "%", "pct": "%", "percentage points": "pp", "percentage point": "pp",
           "basis points": "bp", "basis point": "bp"},
    "uk": {"відсотк*": "%", "процент*": "%", "відсоткових пункт*": "pp", "відсоткові пункт*": "pp",
           "відсоткового пункт*": "pp", "процентних пункт*": "pp",
           "базисних пункт*": "bp", "базисні пункт*": "bp"},
    "ru": {"процент*": "%", "процентных пункт*": "pp", "процентного пункт*": "pp", "процентный пункт*": "pp",
           "базисных пункт*": "bp", "б п": "bp", "п п": "pp"},
    "de": {"prozent": "%", "prozentpunkt*": "pp", "basispunkt*": "bp"},
    "fr": {"pour cent": "%", "points de pourcentage": "pp", "point de pourcentage": "pp",
           "points de base": "bp", "point de base": "bp"},
    "es": {"por ciento": "%", "puntos porcentuales": "pp", "punto porcentual": "pp",
           "puntos básicos": "bp", "puntos base": "bp"},
    "pl": {"proc": "%", "procent*": "%", "punkt* procentow*": "pp", "punktów procentow*": "pp",
           "punktu procentow*": "pp", "pkt proc": "pp",
           "punktów bazow*": "bp", "punkty bazow*": "bp", "pb": "bp"},
}  # fmt: skip
_SYMBOLS: Final = {
    "km": "km", "m": "m", "cm": "cm", "mm": "mm", "kg": "kg", "g": "g", "mg": "mg", "ha": "ha", "l": "l", "mw": "MW",
    "gw": "GW", "kw": "kW", "kwh": "kWh", "mwh": "MWh", "gwh": "GWh", "twh": "TWh", "gb": "GB", "tb": "TB", "mb": "MB",
    "mph": "mi/h", "km/h": "km/h", "°c": "°C", "°f": "°F", "km²": "km²", "m²": "m²", "m³": "m³", "hz": "Hz",
    "ghz": "GHz", "mhz": "MHz", "mah": "mAh", "hp": "hp", "ppm": "ppm",
    "км": "km", "м": "m", "см": "cm", "мм": "mm", "кг": "kg", "г": "g", "га": "ha", "л": "l", "мвт": "MW", "гвт": "GW",
    "квт": "kW", "л с": "hp", "км/год": "km/h", "км/ч": "km/h", "км²": "km²", "м²": "m²", "т": "t",
}  # fmt: skip
_UNITS: Final[dict[str, dict[str, str]]] = {
    "en": {"kilomet*": "km", "metre*": "m", "meter": "m", "meters": "m", "mile": "mi", "miles": "mi", "feet": "ft",
           "foot": "ft", "inches": "in", "yards": "yd", "acres": "acre", "hectares": "ha", "tonne": "t", "tonnes": "t",
           "tons": "t", "kilogram*": "kg", "grams": "g", "litre*": "l", "liters": "l", "barrels": "bbl",
           "megawatts": "MW", "gigawatts": "GW", "kilowatts": "kW", "degrees celsius": "°C",
           "degrees fahrenheit": "°F", "square kilomet*": "km²", "square metre*": "m²", "square meters": "m²",
           "square feet": "ft²", "square miles": "mi²", "cubic metre*": "m³", "hours": "h", "hour": "h",
           "minutes": "min", "seconds": "s", "days": "d", "weeks": "week", "months": "month", "years": "year"},
    "uk": {"кілометр*": "km", "метр*": "m", "гектар*": "ha", "тонн*": "t", "кілограм*": "kg", "літр*": "l",
           "барел*": "bbl", "мегават*": "MW", "градус*": "°C", "годин*": "h", "хвилин*": "min", "секунд*": "s",
           "дні": "d", "днів": "d", "тижні*": "week", "місяц*": "month", "років": "year", "роки": "year",
           "квадратних кілометр*": "km²", "квадратних метр*": "m²", "кв км": "km²", "кв м": "m²",
           "кубометр*": "m³"},
    "ru": {"километр*": "km", "метр*": "m", "гектар*": "ha", "тонн*": "t", "килограмм*": "kg", "литр*": "l",
           "баррел*": "bbl", "мегаватт*": "MW", "градус*": "°C", "час": "h", "часа": "h", "часов": "h", "минут*": "min",
           "секунд*": "s", "дня": "d", "дней": "d", "недел*": "week", "месяц*": "month", "лет": "year", "года": "year",
           "квадратных километр*": "km²", "квадратных метр*": "m²", "кв км": "km²", "кв м": "m²", "кубометр*": "m³"},
    "de": {"kilometer*": "km", "meter": "m", "metern": "m", "hektar": "ha", "tonnen": "t", "kilogramm": "kg",
           "kilo": "kg", "liter*": "l", "barrel": "bbl", "megawatt": "MW", "gigawatt": "GW", "grad": "°C",
           "grad celsius": "°C", "stunden": "h", "minuten": "min", "sekunden": "s", "tage": "d", "tagen": "d",
           "wochen": "week", "monate*": "month", "jahre": "year", "jahren": "year", "quadratkilometer*": "km²",
           "quadratmeter*": "m²", "kubikmeter*": "m³", "kilometer pro stunde": "km/h", "kilowattstunden": "kWh"},
    "fr": {"kilomètres": "km", "kilomètre": "km", "mètres": "m", "hectares": "ha", "tonnes": "t", "tonne": "t",
           "kilos": "kg", "kilogrammes": "kg", "litres": "l", "barils": "bbl", "mégawatts": "MW", "degrés": "°C",
           "heures": "h", "heure": "h", "minutes": "min", "secondes": "s", "jours": "d", "semaines": "week",
           "mois": "month", "ans": "year", "années": "year", "kilomètres carrés": "km²", "mètres carrés": "m²",
           "mètres cubes": "m³", "kilomètres par heure": "km/h"},
    "es": {"kilómetros": "km", "metros": "m", "hectáreas": "ha", "toneladas": "t", "kilos": "kg", "kilogramos": "kg",
           "litros": "l", "barriles": "bbl", "megavatios": "MW", "grados": "°C", "horas": "h", "hora": "h",
           "minutos": "min", "segundos": "s", "días": "d", "semanas": "week", "meses": "month", "años": "year",
           "kilómetros cuadrados": "km²", "metros cuadrados": "m²", "metros cúbicos": "m³",
           "kilómetros por hora": "km/h"},
    "pl": {"kilometr*": "km", "metr*": "m", "hektar*": "ha", "ton": "t", "tony": "t", "kilogram*": "kg", "litr*": "l",
           "baryłek": "bbl", "megawat*": "MW", "stopni": "°C", "stopnie": "°C", "godzin*": "h", "minut*": "min",
           "sekund*": "s", "dni": "d", "tygodni*": "week", "miesięcy": "month", "miesiące": "month", "lat": "year",
           "lata": "year", "kilometrów kwadratowych": "km²", "metrów kwadratowych": "m²"},
}  # fmt: skip
MONEY: Final = {language: Stems(table) for language, table in _MONEY.items()}
PERCENT: Final = {language: Stems(table) for language, table in _PERCENT.items()}
UNITS: Final = {language: Stems(_SYMBOLS | table) for language, table in _UNITS.items()}
NO_UNITS: Final = Stems(_SYMBOLS)
