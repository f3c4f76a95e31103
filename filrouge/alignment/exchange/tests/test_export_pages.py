"""Everything out by the page: the folder for the product teams, approved wordings for the others."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest
from django.test import Client

from filrouge.alignment.exchange.folder.outside import files_for
from filrouge.alignment.roadmap.models import Initiative
from filrouge.jobs.models import Job
from filrouge.jobs.worker import drain
from filrouge.people.models import User
from tests.fixtures.cast import Cast

pytestmark = pytest.mark.django_db


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def held(content: bytes) -> dict[str, str]:
    with ZipFile(BytesIO(content)) as archive:
        return {name.removeprefix("filrouge/"): archive.read(name).decode() for name in archive.namelist()}


@pytest.fixture
def item(cast: Cast) -> Initiative:
    made = Initiative.create(by=cast.pm, title="Offline mode", outcome="Between us: for trains")
    made.open_to(by=cast.pm, circle="company", language="en", title="Work without a network", text="=1+1")
    return made  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", ["admin", "ops", "pm", "design", "maker", "coach", "other_pm"])
def test_the_product_teams_get_the_folder_by_a_job(cast: Cast, item: Initiative, name: str) -> None:
    person = getattr(cast, name)
    client = signed_in(person)
    answer = client.post("/plans/export/")
    drain(["long"])
    page = client.get(answer["Location"])
    assert "The file is ready." in page.text and ".zip" in page.text
    file = client.get(f"{answer['Location']}file/")
    assert held(file.getvalue()) == files_for(person)
    assert signed_in(cast.head).get(answer["Location"]).status_code == 404, "it is theirs alone"


@pytest.mark.parametrize("name", ["stakeholder", "guest"])
def test_others_get_the_words_approved_for_them(cast: Cast, item: Initiative, name: str) -> None:
    Initiative.create(by=cast.pm, title="Never told")
    answer = signed_in(getattr(cast, name)).post("/plans/export/")
    files = held(answer.content)
    assert [path.partition("/")[0] for path in files] == ["initiatives"] and not Job.objects.exists()
    (text,) = files.values()
    assert "title: Work without a network" in text and "=1+1" in text
    assert "trains" not in text and "Offline" not in text and "author" not in text


def test_who_is_not_signed_in_gets_nothing(client: Client, item: Initiative) -> None:
    assert client.post("/plans/export/").status_code in (302, 401)
    assert signed_in(User.objects.first()).get("/plans/export/").status_code == 405  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "offered"), [("stakeholder", True), ("pm", False)])
def test_who_reads_wordings_finds_them_beside_the_calendar(cast: Cast, name: str, offered: bool) -> None:
    assert ("/plans/export/" in signed_in(getattr(cast, name)).get("/calendar/").text) is offered
