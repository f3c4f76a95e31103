"""The brief as Markdown: plain text that goes into any document. What people wrote stays text there."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from filrouge.ui import writing

from .brief import Brief, Claim, Evidence
from .counting import Reach, Trait
from .verbatims import Verbatim

SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#|~&!$^@])")
AT_START = re.compile(r"^(\s*)([-+=:]|\d+(?=[.)]))", re.MULTILINE)
ADDRESS = re.compile(r"(?i)(https?|ftp|mailto)(:)|(www)(\.)")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def escaped(text: str) -> str:
    """Text that Markdown shows as it was written: no markup, no HTML, no link comes out of it."""
    plain = CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    plain = SPECIAL.sub(r"\\\1", plain)
    plain = ADDRESS.sub(lambda m: f"{m[1]}\\:" if m[1] else f"{m[3]}\\.", plain)
    return AT_START.sub(lambda m: m[1] + (m[2] + "\\" if m[2].isdigit() else "\\" + m[2]), plain)


def line(text: str) -> str:
    return escaped(" ".join(text.split()))


def prose(text: str) -> list[str]:
    return ["\n".join(part.strip() for part in escaped(text).split("\n")), ""] if text.strip() else []


def markdown(brief: Brief, site: str = "") -> str:
    """The whole brief; `site` makes its links absolute."""
    parts = [*_head(brief, site), *_voices(brief.evidence, site), *_claims(brief.evidence.claims, site)]
    parts += [*_heard(brief.evidence.reach), *_open(brief)]
    return "\n".join(parts).rstrip() + "\n"


def _head(brief: Brief, site: str) -> list[str]:
    head = [f"# {line(brief.title)}", ""]
    if brief.audience:
        head += [_("For: %(audience)s") % {"audience": line(brief.audience)}, ""]
    head += prose(brief.problem)
    when = {"date": writing.date(brief.at), "revision": brief.revision}
    if brief.decision is not None:
        known = _("As known on %(date)s, revision %(revision)s, when this was decided: %(decision)s") % (
            when | {"decision": line(brief.decision.title)}
        )
    else:
        known = _("As known on %(date)s, revision %(revision)s.") % when
    here = _("Open in Filrouge")
    return [*head, f"{known} [{here}]({site}/opportunities/{brief.opportunity.pk}/)", ""]


def _voices(evidence: Evidence, site: str) -> list[str]:
    found: list[str] = []
    sides = (
        (_("What users say, for"), evidence.supports, evidence.count_for),
        (_("What users say, against"), evidence.contradicts, evidence.count_against),
    )
    for title, shown, total in sides:
        found += [f"## {title} ({total})", ""]
        for verbatim in shown:
            found += _quote(verbatim, site)
        found += [] if shown else [_("Nothing yet."), ""]
        if total > len(shown):
            found += [_("%(shown)s of %(total)s, newest first.") % {"shown": len(shown), "total": total}, ""]
    return found


def _quote(verbatim: Verbatim, site: str) -> list[str]:
    if verbatim.erased:
        return ["> " + _("[erased at the request of the person who said it]"), ""]
    (start, end), text = verbatim.spans[0], verbatim.text
    marked = (text[:start], text[start:end], text[end:])
    words = "\n".join(("> " + row).rstrip() for row in _bold(marked).split("\n"))
    day = writing.date(verbatim.said_at) if verbatim.dated else _("day not known")
    facts = [line(verbatim.source), *map(line, verbatim.speaker), day]
    facts.append(line(writing.language(verbatim.language)))
    return [words, ">", f"> — {' · '.join(facts)} · [{_('Open at the words')}]({site}{verbatim.href})", ""]


def _bold(parts: tuple[str, str, str]) -> str:
    """The quoted part in bold, where bold can be written: on one line, between its own characters."""
    before, quoted, after = (escaped(part) for part in parts)
    inner = quoted.strip()
    if not inner or "\n" in inner:
        return before + quoted + after
    lead = quoted[: len(quoted) - len(quoted.lstrip())]
    return f"{before}{lead}**{inner}**{quoted[len(lead) + len(inner) :]}{after}"


def _claims(claims: list[Claim], site: str) -> list[str]:
    if not claims:
        return []
    return [f"## {_('What we learnt from them')}", "", *(_claim(claim, site) for claim in claims), ""]


def _claim(claim: Claim, site: str) -> str:
    side = _("for") if claim.agrees else _("against")
    counts = _("confidence: %(confidence)s; %(supports)s quotes for, %(contradicts)s against") % {
        "confidence": claim.confidence,
        "supports": claim.supports,
        "contradicts": claim.contradicts,
    }
    return f"- ({side}) [{line(claim.title)}]({site}{claim.url}) — {counts}"


def _heard(reach: Reach) -> list[str]:
    rows = [
        ngettext("%(n)s distinct person", "%(n)s distinct people", reach.people) % {"n": reach.people},
        ngettext("%(n)s text by an unknown speaker", "%(n)s texts by unknown speakers", reach.unknown)
        % {"n": reach.unknown},
        ngettext("%(n)s company", "%(n)s companies", reach.companies) % {"n": reach.companies},
        ngettext("%(n)s source", "%(n)s sources", reach.sources) % {"n": reach.sources},
    ]
    if reach.middle:
        rows.append(_("median date of the words: %(date)s") % {"date": writing.date(reach.middle)})
    if reach.erased:
        rows.append(
            ngettext("%(n)s text erased since", "%(n)s texts erased since", reach.erased)
            % {"n": reach.erased}
        )
    return [
        f"## {_('Who was heard')}",
        "",
        *(f"- {row}" for row in rows),
        "",
        *_segments(reach),
        *_missing(reach),
    ]


def _segments(reach: Reach) -> list[str]:
    traits = [trait for group in reach.groups for trait in group.traits if trait.heard or trait.unknown]
    if not traits:
        return []
    names = (_("Segment"), _("People heard"), _("Texts by unknown speakers"), _("People who exist"))
    return [f"| {' | '.join(names)} |", "| --- | ---: | ---: | ---: |", *map(_row, traits), ""]


def _row(trait: Trait) -> str:
    return f"| {line(_trait(trait))} | {trait.heard} | {trait.unknown} | {trait.exists} |"


def _trait(trait: Trait) -> str:
    return _("%(name)s: %(value)s") % {"name": trait.name, "value": trait.value}


def _missing(reach: Reach, most: int = 12) -> list[str]:
    if not reach.missing:
        return []
    names = [f"- {line(_trait(trait))} ({trait.exists})" for trait in reach.missing[:most]]
    rest = len(reach.missing) - most
    more = [ngettext("- and %(n)s more", "- and %(n)s more", rest) % {"n": rest}] if rest > 0 else []
    return [f"## {_('Who is missing')}", "", *names, *more, ""]


def _open(brief: Brief) -> list[str]:
    asked = [
        _("%(name)s: %(value)s") % {"name": line(title), "value": line(text)} if title else line(text)
        for title, text in brief.questions
    ]
    rows = [f"- {row}" for row in [*asked, *brief.gaps]]
    return [f"## {_('What we do not know')}", "", *(rows or [_("Nothing was written down.")]), ""]
