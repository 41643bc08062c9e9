"""Units and scales of numbers: data."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# Name: what it measures, and how many of that measure's base it is.
UNITS: Mapping[str, tuple[str, float]] = {
    name: (measure, factor)
    for measure, factor, names in (
        ("length", 1e-3, "mm millimetre millimetres millimeter millimeters"),
        ("length", 1e-2, "cm centimetre centimetres centimeter centimeters zentimeter"),
        ("length", 1.0, "m metre metres meter meters mètre mètres metro metros"),
        ("length", 1e3, "km kilometre kilometres kilometer kilometers kilomètres kilómetros"),
        ("length", 0.0254, "inch inches"),
        ("length", 0.3048, "ft foot feet"),
        ("length", 0.9144, "yd yard yards"),
        ("length", 1609.344, "mi mile miles"),
        ("mass", 1e-6, "mg milligram milligrams"),
        ("mass", 1e-3, "g gram grams gramm gramme grammes"),
        ("mass", 1.0, "kg kilogram kilograms kilogramm kilo kilos"),
        ("mass", 1e3, "t tonne tonnes tonnen"),
        ("mass", 0.45359237, "lb lbs"),
        ("mass", 0.028349523125, "oz ounce ounces"),
        ("time", 1e-3, "ms millisecond milliseconds"),
        ("time", 1.0, "s second seconds sekunden secondes segundos"),
        ("time", 60.0, "min minute minutes minuten minutos"),
        ("time", 3600.0, "h hour hours stunde stunden heure heures hora horas"),
        ("time", 86400.0, "day days tag tage tagen jour jours día días"),
        ("time", 604800.0, "week weeks woche wochen semaine semaines semana semanas"),
        ("months", 1.0, "month months monat monate monaten mois mes meses"),
        ("months", 12.0, "year years jahr jahre jahren ans année années año años"),
        ("months", 120.0, "decade decades jahrzehnt jahrzehnte"),
        ("months", 1200.0, "century centuries jahrhundert jahrhunderte"),
        ("bytes", 1.0, "byte bytes"),
        ("bytes", 1e3, "kb"),
        ("bytes", 1e6, "mb"),
        ("bytes", 1e9, "gb"),
        ("bytes", 1e12, "tb"),
        ("share", 1.0, "% percent prozent procent"),
        ("dollars", 1.0, "$ dollar dollars usd"),
        ("euros", 1.0, "€ euro euros eur"),
        ("pounds", 1.0, "£ gbp"),
        ("yen", 1.0, "¥ yen jpy"),
    )
    for name in names.split()
}
SCALES: Mapping[str, float] = {
    name: factor
    for factor, names in (
        (12.0, "dozen dutzend douzaine"),
        (1e2, "hundred hundert"),
        (1e3, "k thousand tausend mille 千"),
        (1e4, "万 萬 만"),
        (1e6, "m mn mio million millions millionen millones"),
        (1e8, "亿 億 억"),
        (1e9, "b bn mrd billion billions milliarde milliarden milliard milliards"),
        (1e12, "trillion trillions"),
    )
    for name in names.split()
}
# "One" and "second" are too often no numbers.
NUMBER_WORDS: Mapping[str, float] = {
    word: float(value)
    for first, words in (
        (2, "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"),
        (16, "sixteen seventeen eighteen nineteen twenty"),
        (3, "third fourth fifth sixth seventh eighth ninth tenth"),
        (2, "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf"),
        (2, "deux trois quatre cinq six sept huit neuf dix onze douze"),
        (2, "dos tres cuatro cinco seis siete ocho nueve diez once doce"),
    )
    for value, word in enumerate(words.split(), first)
} | {
    word: 10.0 * tens
    for tens, word in enumerate(
        ["thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=3
    )
}
