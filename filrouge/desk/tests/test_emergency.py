"""`filrouge open-private`: the one way past PRIVATE, and the traces it leaves."""

from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from django.test import Client

from filrouge.core.errors import Refused
from filrouge.core.history import past
from filrouge.core.models import History, Item
from filrouge.desk.commands import open_private as command
from filrouge.desk.emergency import open_private
from filrouge.evidence.insights.models import Insight
from filrouge.people.models import Record
from tests.fixtures.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def private(cast: Cast) -> Iterator[Insight]:
    found: Insight = Insight.create(by=cast.design, title="Between us", circle="private")
    assert not Item.objects.visible_to(cast.admin).exists()
    yield found


def test_it_names_the_administrator_and_nobody_else(client: Client, cast: Cast, private: Insight) -> None:
    open_private(private.pk, "Its author has left", by=cast.admin)
    assert Item.objects.visible_to(cast.admin).get().pk == private.pk
    assert not Item.objects.visible_to(cast.ops).exists()
    assert Insight.objects.get(pk=private.pk).revision == private.revision


def test_its_author_reads_who_and_why(client: Client, cast: Cast, private: Insight) -> None:
    open_private(private.pk, "Its author has left", by=cast.admin)
    entry = past(private, cast.design, 1)[0]
    assert (entry.sentence, entry.by) == ("Admin opened it in an emergency", cast.admin)
    client.force_login(cast.design)
    html = client.get(f"/insights/{private.pk}/history/").content.decode()
    assert "opened it in an emergency" in html and "Its author has left" in html
    record = Record.objects.get(act="emergency_opening")
    assert (record.by, record.about, record.detail["item"]) == (cast.admin, cast.design, private.pk)


def test_only_an_administrator_and_only_with_a_reason(cast: Cast, private: Insight) -> None:
    for by, reason in (
        (cast.ops, "I must"),
        (cast.pm, "I must"),
        (cast.admin, "  "),
        (cast.admin, "x" * 501),
    ):
        with pytest.raises(Refused):
            open_private(private.pk, reason, by=by)
    assert not History.objects.filter(verb="emergency_opening").exists()


def test_what_is_not_private_or_not_there_is_refused(cast: Cast, private: Insight) -> None:
    for pk in (Insight.create(by=cast.design, title="For all").pk, 10**9):
        with pytest.raises(Refused):
            open_private(pk, "I must", by=cast.admin)
    open_private(private.pk, "I must", by=cast.admin)
    with pytest.raises(Refused, match="already"):
        open_private(private.pk, "I must", by=cast.admin)


def test_the_command_says_what_it_did(cast: Cast, private: Insight) -> None:
    words = [str(private.pk), "--reason", "A legal duty", "--as", cast.admin.email]
    done = CliRunner().invoke(command, [*words, "--json"])
    assert f'"item": {private.pk}' in done.output, done.output
