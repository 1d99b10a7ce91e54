"""Units as D-SI writes them (commands of siunitx) and as people here write them."""

from __future__ import annotations

from collections.abc import Mapping

_PREFIXES = {"": "", "k": r"\kilo", "h": r"\hecto", "d": r"\deci", "c": r"\centi", "m": r"\milli", "µ": r"\micro",
             "n": r"\nano", "M": r"\mega", "G": r"\giga", "p": r"\pico"}  # fmt: skip
_PREFIXED = {  # unit -> its name, and the prefixes with which it is used
    "g": (r"\gram", "km µn"),
    "m": (r"\metre", "kdcmµn"),
    "s": (r"\second", "mµn"),
    "L": (r"\litre", "dcmµ"),
    "Pa": (r"\pascal", "hkMm"),
    "bar": (r"\bar", "m"),
    "N": (r"\newton", "kMm"),
    "J": (r"\joule", "kM"),
    "W": (r"\watt", "kMm"),
    "V": (r"\volt", "kmµ"),
    "A": (r"\ampere", "kmµn"),
    "Hz": (r"\hertz", "kMG"),
    "Ω": (r"\ohm", "kMm"),
    "F": (r"\farad", "mµnp"),
    "K": (r"\kelvin", "m"),
    "mol": (r"\mole", "m"),
    "S": (r"\siemens", "mµ"),
}
_PLAIN = {
    "°C": r"\degreecelsius", "%": r"\percent", "1": r"\one", "pH": r"\one", "min": r"\minute", "h": r"\hour",
    "d": r"\day", "°": r"\degree", "t": r"\tonne", "lx": r"\lux", "cd": r"\candela", "lm": r"\lumen",
}  # fmt: skip


def _known() -> dict[str, str]:
    found = dict(_PLAIN)
    for unit, (name, prefixes) in _PREFIXED.items():
        for prefix in ("", *prefixes.replace(" ", "")):
            found[prefix + unit] = _PREFIXES[prefix] + name
    return found


KNOWN: Mapping[str, str] = _known()
_BACK: Mapping[str, str] = {name: unit for unit, name in reversed(KNOWN.items()) if unit != "pH"}
_SPELLED = {"μ": "µ", "liter": "L", "ml": "mL", "l": "L", "ul": "µL", "ug": "µg", "C": "°C", "%RH": "%", "": "1"}


def siunitx(unit: str) -> str | None:
    """``unit`` as D-SI writes it: "µL/mg" is ``\\micro\\litre\\per\\milli\\gram``; None for one that is not known."""
    text = unit.strip().replace("μ", "µ")
    text = _SPELLED.get(text, text)
    if text in KNOWN:
        return KNOWN[text]
    above, slash, below = text.partition("/")
    if not slash or "/" in below:
        return None
    first, second = siunitx(above or "1"), siunitx(below)
    return None if first is None or second is None else f"{first}\\per{second}"


def plain(name: str) -> str | None:
    """A D-SI unit as people write it; None for one that is not known."""
    text = (
        name.strip().replace("liter", "litre").replace("meter", "metre").replace(r"\degreeCelsius", r"\degreecelsius")
    )
    if text in _BACK:
        return _BACK[text]
    above, per, below = text.partition(r"\per")
    if not per:
        return None
    first, second = _BACK.get(above), _BACK.get(below)
    return None if first is None or second is None else f"{first}/{second}"
