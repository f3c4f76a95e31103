"""Hide what identifies a person in a text: a help to redaction, never anonymisation."""

import ipaddress
import re
import unicodedata
from collections.abc import Callable, Iterable

E_MAIL, PHONE, IBAN, CARD, IP, NAME = "[e-mail]", "[phone]", "[IBAN]", "[card]", "[IP]", "[name]"

_DIGIT = re.compile(r"[0-9]")
# Possessive quantifiers and the look-behinds keep each pattern linear on hostile text.
_E_MAIL = re.compile(r"(?<![\w.+%'-])[\w.+%'-]++@[\w-]++(?:\.[\w-]++)+")
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}[0-9]{2}(?: ?[A-Za-z0-9]){11,30}")
_CARD = re.compile(r"(?<![\w.,-])[0-9](?:[ -]?[0-9]){12,18}(?![\w-])")
_IPV4 = re.compile(r"(?<![\w.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?!\w|\.[0-9])")
_IPV6 = re.compile(r"(?<![\w:.])[0-9a-fA-F:]{3,39}(?:[0-9.]{7,15})?(?![\w:])")
_PHONE = re.compile(
    r"(?<![\w.,:/+-])(?:"
    r"(?:\+|00)[1-9](?:[ .\-/]?\(?[0-9]\)?){7,14}"  # international
    r"|\(?0[1-9](?:\)?[ .\-]?[0-9]){7,10}"  # national with a leading zero: France, United Kingdom, Germany...
    r"|(?:1[ .-]?)?(?:\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}[ .-])[0-9]{3}[ .-][0-9]{4}"  # North America
    r")(?![\w:]|[.,-][0-9])"
)
_NAME_PART = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_DATE = re.compile(r"[0-9]{2}[ .\-][0-9]{2}[ .\-](?:19|20)[0-9]{2}(?![0-9])")

_IBANS = """
    AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28
    EE20 EG29 ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26
    IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30
    NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 ST25 SV28 TL23
    TN24 TR26 UA29 VA22 VG24 XK20"""
_IBAN_LENGTHS = {pair[:2]: int(pair[2:]) for pair in _IBANS.split()}

Rewrite = Callable[[str, int], str]


def mask(text: str, names: Iterable[str] = ()) -> str:
    """Replace e-mail addresses, phone, bank and card numbers, IP addresses and the given people's names."""
    return _mask_names(_rewrite(text, lambda found, _: found, ips=True), names)


def blank(text: str) -> str:
    """The same text, of the same length, with addresses and numbers of people turned into spaces."""
    return _rewrite(text, lambda _, length: " " * length, ips=False)


def _rewrite(text: str, rewrite: Rewrite, *, ips: bool) -> str:
    if "@" in text:
        text = _E_MAIL.sub(lambda m: rewrite(E_MAIL, len(m[0])), text)
    if not _DIGIT.search(text):
        return text
    text = _IBAN.sub(lambda m: _rewrite_iban(m[0], rewrite), text)
    text = _CARD.sub(lambda m: rewrite(CARD, len(m[0])) if _is_card(m[0]) else m[0], text)
    if ips:
        text = _IPV4.sub(lambda m: IP if _is_ip(m[0]) else m[0], text)
        text = _IPV6.sub(lambda m: IP if _is_ip(m[0]) else m[0], text)
    return _PHONE.sub(lambda m: m[0] if _DATE.match(m[0]) else rewrite(PHONE, len(m[0])), text)


def _rewrite_iban(found: str, rewrite: Rewrite) -> str:
    """The pattern may run into the following words, so the country's length says where the number ends."""
    length = _IBAN_LENGTHS.get(found[:2].upper(), 0)
    end = _end_of(found, length)
    if not length or end is None or not _is_iban(found[:end]):
        return found
    return rewrite(IBAN, end) + found[end:]


def _end_of(found: str, length: int) -> int | None:
    seen = 0
    for at, character in enumerate(found):
        seen += character != " "
        if seen == length:
            cut_in_a_word = found[at + 1 : at + 2].isalnum()
            return None if cut_in_a_word else at + 1
    return None


def _is_iban(found: str) -> bool:
    number = found.replace(" ", "").upper()
    return int("".join(str(int(c, 36)) for c in number[4:] + number[:4])) % 97 == 1


def _is_card(found: str) -> bool:
    digits = [int(c) for c in found if c.isdigit()]
    if len(digits) == 14 and found[:2] not in ("30", "36", "38", "39"):
        return False  # a French company number (SIRET) has 14 digits and passes the same sum
    doubled = [sum(divmod(2 * d, 10)) for d in digits[-2::-2]]
    return (sum(doubled) + sum(digits[-1::-2])) % 10 == 0 and len(set(digits)) > 1


def _is_ip(found: str) -> bool:
    if "." not in found and (found.count(":") < 2 or not _DIGIT.search(found)):
        return False
    try:
        ipaddress.ip_address(found)
    except ValueError:
        return False
    return True


def _mask_names(text: str, names: Iterable[str]) -> str:
    composed = unicodedata.normalize("NFC", text)
    folded = _fold(composed)
    caseless = _caseless(folded)
    patterns = [pattern for name in names for pattern in _name_patterns(name, caseless)]
    if not patterns:
        return text
    text = composed
    pieces, at = [], 0
    for found in re.finditer("|".join(sorted(patterns, key=len, reverse=True)), folded):
        pieces += [text[at : found.start()], NAME]
        at = found.end()
    return "".join([*pieces, text[at:]])


def _name_patterns(name: str, text: str) -> list[str]:
    """The whole name in any case, from either end; each part alone with a capital only: roses are a colour.

    None where no part stands in the text at all: to look is far cheaper than to compile.
    """
    parts = _NAME_PART.findall(_fold(unicodedata.normalize("NFC", name)))
    if not any(_caseless(part) in text for part in parts):
        return []
    wholes = [_whole(order) for order in (parts, parts[::-1])[: len(parts)]]
    alone = [p for p in parts if len(p) > 2 and len(parts) > 1]
    capital = {rf"\b{re.escape(form)}\b" for p in alone for form in (p.capitalize(), p.title(), p.upper())}
    return [*wholes, *capital]


def _whole(parts: list[str]) -> str:
    return r"(?i:\b" + r"[\s,.-]+".join(map(re.escape, parts)) + r"\b)"


def _caseless(text: str) -> str:
    """What ignoring case makes equal is equal; so is the dotless i, which patterns take for an i."""
    return text.casefold().replace("ı", "i")


def _fold(text: str) -> str:
    """Without accents, character for character, so that offsets stay those of the text."""
    return text if text.isascii() else "".join(map(_bare, text))


def _bare(character: str) -> str:
    return unicodedata.normalize("NFD", character)[0] if character > "\x7f" else character
