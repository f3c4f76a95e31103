"""Propose which column of a file holds what, by the columns' names and by what they hold."""

import re
from collections.abc import Callable, Mapping, Sequence

from filrouge.lib.dates import BadDate, guess_order, parse_date
from filrouge.lib.search_text import fold

# What the cells' form proves goes first: a column `note` of figures is a rating, one of words is a text.
_ORDER = (
    "email",
    "url",
    "created_at",
    "language",
    "rating",
    "external_id",
    "text",
    "title",
    "company",
    "author",
)
MOST_SEGMENT_VALUES, LONGEST_SEGMENT_VALUE = 30, 60

# Names without accents, spaces or signs; the likelier first.
_NAMES = {
    "text": """text texte reviewtext comment comments commentaire commentaires feedback avis verbatim
        verbatims review body plainbody content contenu message description details answer reponse
        plaintextdetails note notes""",
    "external_id": """externalid id identifiant identifier uuid reviewid responseid ticketid conversationid
        ticket ticketnumber issuekey key ref reference numero number""",
    "created_at": """createdat created date createddate datecreated creationdate datecreation datedecreation
        submittedat submitted timestamp horodatage datetime reviewsubmitdateandtime collectedat
        receivedat time postedat""",
    "title": "title titre subject sujet objet summary resume reviewtitle headline",
    "author": """author auteur authorname nomauteur username utilisateur user name nom fullname reviewer
        reviewernickname reporter requester respondent repondant customername contact from""",
    "email": """email emailaddress mail courriel adressemail adresseemail adressecourriel useremail
        authoremail requesteremail""",
    "company": """company companyname societe entreprise organisation organization account accountname client
        customer compte""",
    "url": "url link lien permalink permalien reviewlink htmlurl displayurl href",
    "language": "language langue lang locale reviewerlanguage languagecode",
    "rating": "rating note notation score stars starrating etoiles nps csat grade evaluation",
}
FIELDS = tuple(_NAMES)

Values = Sequence[str]


def propose(header: Sequence[str], sample: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Field -> column. Columns of few values are proposed as segments under their own names."""
    values = {
        column: [row[column].strip() for row in sample if row.get(column, "").strip()] for column in header
    }
    chosen: dict[str, str] = {}
    for field in _ORDER:
        free = [column for column in header if column not in chosen.values()]
        column = _by_name(field, free, values) or _by_content(field, free, values)
        if column is not None:
            chosen[field] = column
    proposed = {field: chosen[field] for field in FIELDS if field in chosen}
    return proposed | _segments([c for c in header if c not in chosen.values()], values)


def _by_name(field: str, columns: Sequence[str], values: Mapping[str, Values]) -> str | None:
    fits = _FITS.get(field)
    for name in _NAMES[field].split():
        for column in columns:
            if _plain(column) == name and (fits is None or fits(values[column])):
                return column
    return None


def _by_content(field: str, columns: Sequence[str], values: Mapping[str, Values]) -> str | None:
    """Only for what shows: addresses, dates, and the text, which is the longest column of free words."""
    if field == "text":
        worded = [column for column in columns if _is_free_text(values[column])]
        return max(worded, key=lambda column: _mean_length(values[column]), default=None)
    if field in ("email", "url", "created_at"):
        return next((column for column in columns if values[column] and _FITS[field](values[column])), None)
    return None


def _segments(columns: Sequence[str], values: Mapping[str, Values]) -> dict[str, str]:
    return {column: column for column in columns if column not in FIELDS and _has_few_values(values[column])}


def _has_few_values(values: Values) -> bool:
    """Repeated within the sample, and short."""
    distinct = set(values)
    return 0 < len(distinct) <= min(MOST_SEGMENT_VALUES, len(values) / 2) and all(
        len(value) <= LONGEST_SEGMENT_VALUE for value in distinct
    )


def _is_free_text(values: Values) -> bool:
    return _mean_length(values) >= 12 and _share(values, lambda value: " " in value) > 0.5


def _is_date(value: str) -> bool:
    order = guess_order([value])
    try:
        parse_date(value, order)
    except BadDate:
        return False
    return True


def _mean_length(values: Values) -> float:
    return sum(map(len, values)) / len(values) if values else 0


def _share(values: Values, test: Callable[[str], bool]) -> float:
    """Of the cells that are not empty; a sample without any contradicts nothing."""
    return sum(map(test, values)) / len(values) if values else 1


def _mostly(pattern: str) -> Callable[[Values], bool]:
    compiled = re.compile(pattern)
    return lambda values: _share(values, lambda value: compiled.fullmatch(value) is not None) >= 0.8


_FITS: dict[str, Callable[[Values], bool]] = {
    "email": _mostly(r"\S+@\S+\.\S+|\[e-mail\]"),
    "url": _mostly(r"https?://\S+"),
    "created_at": lambda values: _share(values, _is_date) >= 0.8,
    "language": _mostly(r"[A-Za-z]{2,3}([-_]\w+)?|[^\W\d_]{4,12}"),
    "rating": _mostly(r"-?\d+([.,]\d+)?( ?/ ?\d+)?|[★⭐☆]+"),
    "external_id": lambda values: len(set(values)) == len(values) and _mostly(r"\S+")(values),
    "text": lambda values: not values or not _mostly(r"-?[\d.,]+")(values),
    "author": lambda values: _share(values, lambda value: len(value) <= 80) >= 0.8,
    "company": lambda values: _share(values, lambda value: len(value) <= 80) >= 0.8,
}


def _plain(name: str) -> str:
    return re.sub("[^a-z0-9]", "", fold(name))
