"""What people wrote stays text in Markdown."""

import re

import pytest
from django.urls import reverse

from filrouge.evidence.insights.brief import brief
from filrouge.evidence.insights.markdown import escaped, markdown
from filrouge.evidence.insights.models import Opportunity

from .saying import quote, say, story

NASTY = (
    "# Not a heading\n> not a quote\n- not a list\n1. not numbered\n<script>alert(1)</script>\n"
    "[a link](javascript:alert(1)) ![x](http://evil.example/x.png) `code` **bold** _it_ | cell | &lt; $x$\n"
    "===\nwww.evil.example http://evil.example a@evil.example\n```\nfence\n```\n\x07\u202etxt"
)


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("# x", "\\# x"),
        ("- x", "\\- x"),
        ("  + x", "  \\+ x"),
        ("12. x", "12\\. x"),
        ("3) x", "3\\) x"),
        ("<b>", "\\<b\\>"),
        ("[a](b)", "\\[a\\]\\(b\\)"),
        ("http://a.b", "http\\://a.b"),
        ("www.a.b", "www\\.a.b"),
        ("a\\b", "a\\\\b"),
        ("===", "\\==="),
        ("&amp;", "\\&amp;"),
        ("a\x00\u202eb", "ab"),
    ],
)
def test_markup_is_escaped(text, safe):
    assert escaped(text) == safe


@pytest.mark.django_db
def test_no_markup_comes_out_of_what_people_wrote(cast):
    opportunity = Opportunity.create(
        by=cast.pm, title="# <b>Title</b>\n[x](y)", problem=NASTY, unknowns=NASTY
    )
    quote(cast.design, say(NASTY, source="<i>Source</i>"), supports=opportunity.pk)
    text = markdown(brief(opportunity, cast.pm, most=None))
    bare = re.sub(r"\\.", "", text)
    own = re.sub(r"\[[^\]]*\]\(/(words|opportunities|insights)/[^)]*\)", "", bare)
    assert not re.search(r"<\w|\]\(|!\[|`|https?:|www\.|@", own)
    assert "\x07" not in text and "\u202e" not in text
    assert [row for row in own.splitlines() if row.startswith("# ")] == own.splitlines()[:1]
    assert all(not row.startswith(("===", "- not", "1. not", "+")) for row in text.splitlines())


@pytest.mark.django_db
def test_it_holds_the_whole_brief(cast, client):
    told = story(cast.pm, cast.design)
    client.force_login(cast.maker)
    answer = client.get(reverse("brief-markdown", args=[told.opportunity.pk]))
    text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/markdown")
    parts = ["# Files live apart", "## What users say, for (4)", "> I **lose my place** all day", "Why now?"]
    parts += ["3 distinct people", "| role: scientist | 2 | 0 | 2 |", "- role: student (1)"]
    for part in parts:
        assert part in text
    assert "Ada" not in text
