"""How a locale writes numbers and dates: only what typing into a cell and showing it need."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Locale:
    """Decimal mark, thousands mark, order of a short date, its pattern, the currency."""

    decimal: str = "."
    thousands: str = ","
    order: str = "mdy"
    date: str = "m/d/yyyy"
    time: str = "h:mm:ss am/pm"
    currency: str = "$"


_ENGLISH = Locale()
_BY_NAME = {
    "en_US": _ENGLISH,
    "en_GB": Locale(order="dmy", date="dd/mm/yyyy", time="hh:mm:ss", currency="£"),
    "en_IE": Locale(order="dmy", date="dd/mm/yyyy", time="hh:mm:ss", currency="€"),
    "en_AU": Locale(order="dmy", date="dd/mm/yyyy"),
    "en_CA": Locale(order="ymd", date="yyyy-mm-dd"),
    "zh_CN": Locale(order="ymd", date="yyyy-m-d", time="h:mm:ss", currency="¥"),
    "zh_TW": Locale(order="ymd", date="yyyy/m/d", time="am/pm hh:mm:ss", currency="NT$"),
    "zh_HK": Locale(order="dmy", date="d/m/yyyy", time="am/pm h:mm:ss", currency="HK$"),
    "ja_JP": Locale(order="ymd", date="yyyy/mm/dd", time="h:mm:ss", currency="¥"),
    "ko_KR": Locale(order="ymd", date="yyyy. m. d", time="am/pm h:mm:ss", currency="₩"),
    "de_DE": Locale(",", ".", "dmy", "dd.mm.yyyy", "hh:mm:ss", "€"),
    "fr_FR": Locale(",", "\u202f", "dmy", "dd/mm/yyyy", "hh:mm:ss", "€"),
    "es_ES": Locale(",", ".", "dmy", "dd/mm/yyyy", "h:mm:ss", "€"),
    "it_IT": Locale(",", ".", "dmy", "dd/mm/yyyy", "h.mm.ss", "€"),
    "nl_NL": Locale(",", ".", "dmy", "d-m-yyyy", "hh:mm:ss", "€"),
    "pt_BR": Locale(",", ".", "dmy", "dd/mm/yyyy", "hh:mm:ss", "R$"),
    "pl_PL": Locale(",", "\u00a0", "dmy", "dd.mm.yyyy", "hh:mm:ss", "zł"),
    "ru_RU": Locale(",", "\u00a0", "dmy", "dd.mm.yyyy", "h:mm:ss", "₽"),
    "sv_SE": Locale(",", "\u00a0", "ymd", "yyyy-mm-dd", "hh:mm:ss", "kr"),
}
_BY_LANGUAGE = {name.partition("_")[0]: locale for name, locale in reversed(_BY_NAME.items())}


def locale(name: str) -> Locale:
    """Return the locale of a name such as `zh_CN`; its language's first, else English.

    >>> locale("de_AT").decimal, locale("xx_YY").date
    (',', 'm/d/yyyy')
    """
    return _BY_NAME.get(name) or _BY_LANGUAGE.get(name.partition("_")[0], _ENGLISH)
