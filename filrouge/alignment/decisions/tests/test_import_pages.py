"""The import as a page, and the log as files."""

from contextlib import suppress
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from filrouge.alignment.decisions.files import from_upload
from filrouge.alignment.decisions.madr import read
from filrouge.alignment.decisions.models import Decision, Log
from filrouge.alignment.decisions.tests.test_importing import FTP, HTTPS
from filrouge.core.errors import BadInput
from filrouge.jobs.models import Job, State
from filrouge.jobs.worker import drain

pytestmark = pytest.mark.django_db(transaction=True)


def packed(*files):
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name, text in files:
            archive.writestr(name, text)
    return SimpleUploadedFile("adr.zip", out.getvalue())


def drop(client, file, format="madr"):
    return client.post("/decisions/import/", {"file": file, "format": format})


@pytest.fixture
def log(cast, client):
    client.force_login(cast.pm)
    answer = drop(
        client, packed(("adr/README.md", "# Ours"), *((f"adr/{name}", text) for name, text in (FTP, HTTPS)))
    )
    made = Log.objects.get()
    assert answer.status_code == 302 and answer["Location"] == made.get_absolute_url()
    return made


def test_preview_dry_run_and_receipt(cast, client, log):
    page = client.get(log.get_absolute_url()).content.decode()
    assert "Use FTP" in page and "Ours" not in page and "Superseded" in page
    given = {"source": "adr", "team": cast.team.pk}
    client.post(log.get_absolute_url(), {**given, "act": "check"})
    assert b"Decisions are read" in client.get(log.get_absolute_url()).content
    drain(["long"])
    assert (
        b"This would happen" in client.get(log.get_absolute_url()).content and not Decision.objects.exists()
    )
    assert client.get(f"{log.get_absolute_url()}progress/")["HX-Redirect"] == log.get_absolute_url()
    client.post(log.get_absolute_url(), {**given, "act": "run"})
    drain(["long"])
    log.refresh_from_db()
    assert log.receipt == {"read": 2, "new": 2, "updated": 0, "unchanged": 0, "rejected": 0, "errors": []}
    assert b"Receipt" in client.get(log.get_absolute_url()).content and Decision.objects.count() == 2


def test_the_files_that_need_a_look_come_as_a_table(cast, client):
    client.force_login(cast.pm)
    drop(client, packed(("adr/=cmd.md", "No title"), ("adr/fine.md", FTP[1])))
    log = Log.objects.get()
    table = f"{log.get_absolute_url()}rejected.csv"
    assert client.get(table).content.decode("utf-8-sig") == "line,file,column,reason\r\n"
    client.post(log.get_absolute_url(), {"source": "adr", "team": cast.team.pk, "act": "run"})
    drain(["long"])
    assert table.encode() in client.get(log.get_absolute_url()).content
    lines = client.get(table).content.decode("utf-8-sig").splitlines()
    assert lines[1].startswith("1,adr/=cmd.md,title,") and "Without a title" in "".join(lines)
    client.force_login(cast.other_pm)
    assert client.get(table).status_code == 404


def test_sent_twice_at_once_it_comes_in_once(cast, client, log):
    for _time in range(2):
        client.post(log.get_absolute_url(), {"source": "adr", "team": cast.team.pk, "act": "run"})
    assert Job.objects.filter(task__endswith="bring_in").count() == 1


def test_a_job_that_gave_up_can_be_started_again(cast, client, log):
    given = {"source": "adr", "team": cast.team.pk, "act": "run"}
    client.post(log.get_absolute_url(), given)
    Job.objects.update(state=State.DEAD)
    assert b"Go on where it stopped" in client.get(f"{log.get_absolute_url()}progress/").content
    client.post(log.get_absolute_url(), given)
    drain(["long"])
    assert Decision.objects.count() == 2


def test_a_dropped_file_is_forgotten(client, log):
    client.post(log.get_absolute_url(), {"act": "forget"})
    assert not Log.objects.exists()


def test_only_its_owner_sees_it_and_only_who_decides_comes_in(cast, client, log):
    for person, status in (
        (cast.other_pm, 404),
        (cast.maker, 403),
        (cast.admin, 403),
        (cast.stakeholder, 403),
    ):
        client.force_login(person)
        assert client.get(log.get_absolute_url()).status_code == status, person


def test_a_team_of_others_is_not_taken(cast, client, log):
    client.post(log.get_absolute_url(), {"source": "adr", "team": cast.other_team.pk, "act": "run"})
    drain(["long"])
    assert set(Decision.objects.values_list("team", flat=True)) == {cast.team.pk}


@pytest.mark.parametrize(
    ("name", "content", "format"),
    [
        ("a.zip", b"not a zip", "madr"),
        ("a.zip", b"", "madr"),
        ("a.md", b"x" * 1_000_001, "madr"),
        ("a.md", b"# A", "doc"),
        ("a.md", b"# A", ""),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(cast, client, name, content, format):
    client.force_login(cast.pm)
    answer = drop(client, SimpleUploadedFile(name, content), format)
    assert answer.status_code == 422 and b"form-errors" in answer.content and not Log.objects.exists()


def test_a_form_of_another_site_is_refused(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.pm)
    assert drop(client, SimpleUploadedFile("1.md", b"# A")).status_code == 403 and not Log.objects.exists()


def test_too_large_a_file_is_not_read(cast, client):
    client.force_login(cast.pm)
    answer = client.post("/decisions/import/", {"format": "madr"}, CONTENT_LENGTH="60000000")
    assert answer.status_code == 413


def test_a_zip_without_a_decision_and_no_file(cast, client):
    client.force_login(cast.pm)
    assert drop(client, packed(("README.md", "x"), (".hidden.md", "x"))).status_code == 422
    assert client.post("/decisions/import/", {"format": "madr"}).status_code == 422


@pytest.mark.parametrize("content", [b"\xff\xfe#\x00 \x00A\x00", "# É".encode("latin-1"), b"# A\x00B", b""])
def test_any_encoding_is_shown(cast, client, content):
    client.force_login(cast.pm)
    drop(client, SimpleUploadedFile("1.md", content))
    assert client.get(Log.objects.get().get_absolute_url()).status_code == 200


def test_one_memo_as_markdown(cast, client):
    made = Decision.create(by=cast.pm, title="Où vont les fichiers ?", context="# not a heading")
    client.force_login(cast.maker)
    answer = client.get(f"/decisions/{made.pk}/memo.md")
    assert f"{made.pk:04d}-ou-vont-les-fichiers.md" in answer["Content-Disposition"]
    memo = read(answer.content.decode(), "")
    assert (memo.title, memo.context, memo.status) == (made.title, made.context, "proposed")


def test_the_log_as_a_zip_is_filtered_and_holds_nothing_private(cast, client):
    for title, circle in (("Open one", "team"), ("Secret", "private")):
        Decision.create(by=cast.pm, title=title, circle=circle)
    Decision.record(by=cast.pm, title="Taken", decided_on="2024-01-02")
    client.force_login(cast.pm)
    with ZipFile(BytesIO(client.get("/decisions/log.zip").content)) as archive:
        assert [name.split("-", 1)[1] for name in archive.namelist()] == ["open-one.md", "taken.md"]
    with ZipFile(BytesIO(client.get("/decisions/log.zip?status=decided").content)) as archive:
        assert len(archive.namelist()) == 1
    assert client.get("/decisions/log.zip?year=x", follow=True).status_code == 422


def test_with_pep_headers(cast, client):
    made = Decision.create(by=cast.pm, title="Où vont les fichiers ?")
    Decision.create(by=cast.pm, title="Secret", circle="private")
    client.force_login(cast.maker)
    answer = client.get(f"/decisions/{made.pk}/memo.rst")
    assert f"pep-{made.pk:04d}.rst" in answer["Content-Disposition"]
    assert "Title: Où vont les fichiers ?\n" in answer.content.decode()
    with ZipFile(BytesIO(client.get("/decisions/peps.zip").content)) as archive:
        assert archive.namelist() == [f"decisions/pep-{made.pk:04d}.rst"]
    assert f"/decisions/{made.pk}/memo.rst" in client.get(made.get_absolute_url()).content.decode()
    assert "/decisions/peps.zip?status=open" in client.get("/decisions/?status=open").content.decode()


def test_others_get_no_file(cast, client):
    made = Decision.create(by=cast.pm, title="Ours", circle="private")
    client.force_login(cast.other_pm)
    paths = [f"/decisions/{made.pk}/memo.{ending}" for ending in ("md", "rst")]
    assert [client.get(path).status_code for path in paths] == [404, 404]
    client.force_login(cast.stakeholder)
    paths += ["/decisions/log.zip", "/decisions/peps.zip"]
    assert {client.get(path).status_code for path in paths} == {403}


def test_a_damaged_zip_is_told_from_a_whole_one_wherever_it_is_damaged():
    held = BytesIO()
    with ZipFile(held, "w", ZIP_DEFLATED) as archive:
        archive.writestr("d/1.md", "# T\n\n" + "abc def " * 200)
    whole = held.getvalue()
    for place in range(len(whole)):
        for byte in (0, 127, 255):
            damaged = whole[:place] + bytes([byte]) + whole[place + 1 :]
            with suppress(BadInput):
                from_upload("a.zip", damaged, "madr")
