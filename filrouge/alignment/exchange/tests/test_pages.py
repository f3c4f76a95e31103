"""The pages of an import of plans, and its command: drop, preview, try, run, cancel."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from filrouge.alignment.decisions.models import Log
from filrouge.alignment.exchange.jobs import forget_files
from filrouge.alignment.exchange.models import PlanImport
from filrouge.alignment.roadmap.models import Initiative
from filrouge.cli import cli
from filrouge.evidence.feedback.intake import receive_json
from filrouge.jobs.models import State
from filrouge.jobs.worker import drain
from filrouge.voices.erasure import erase
from filrouge.voices.models import Person
from tests.fixtures.cast import Cast

from . import files

pytestmark = pytest.mark.django_db
TABLE = b"id,what,when\n1,Write <b>more</b>,2027-01-31\n2,,\n"


@pytest.fixture
def pm(cast: Cast, client: Client) -> Client:
    client.force_login(cast.pm)
    return client


def drop(client: Client, content: bytes = files.KEPS, name: str = "keps.csv") -> Any:
    return client.post("/plans/", {"file": SimpleUploadedFile(name, content)})


def act(client: Client, name: str, **more: str) -> PlanImport:
    made: PlanImport = PlanImport.objects.latest("pk")
    assert client.post(made.get_absolute_url(), {"act": name, **more}).status_code == 302
    drain(["long"])
    made.refresh_from_db()
    return made


def test_from_the_file_to_the_receipt(pm: Client) -> None:
    seen = pm.get(drop(pm)["Location"])
    assert (
        "Fountain pen" in seen.text and "5 rows: Kubernetes KEPs" in seen.text and "imlpemented" in seen.text
    )
    made = act(pm, "check", source="K8s")
    assert (made.state, made.new, Initiative.objects.count(), made.source) == ("checked", 5, 0, "K8s")
    assert "This would happen" in pm.get(made.get_absolute_url()).text
    made = act(pm, "run")
    assert (made.state, made.new, bytes(made.content)) == ("done", 5, b"") and Initiative.objects.count() == 5
    page = pm.get(made.get_absolute_url()).text
    assert "Receipt" in page and "0006-sand.md" in page
    assert made.name in pm.get("/plans/").text


def test_rejected_goals_come_back_under_a_name(cast: Cast, client: Client) -> None:
    client.force_login(cast.maker)
    path = drop(client, b"# Notebook\n\n## 2026 Q3\n\n### Write\n\n- Fast\n", "okr.md")["Location"]
    assert act(client, "run").rejected == 1
    assert "See the goals" in client.get(path).text
    answer = b"".join(client.get(f"{path}rejected.csv").streaming_content)  # type: ignore[attr-defined]
    (row,) = csv.DictReader(io.StringIO(answer.decode("utf-8-sig")))
    assert row["objective"] == "Write" and "product manager" in row["reason"]


def test_a_table_is_mapped_by_hand(pm: Client) -> None:
    path = drop(pm, TABLE, "plan.csv")["Location"]
    assert "Which column holds what" in pm.get(path).text
    refused = pm.post(path, {"act": "run", "source": "Plan", "map_title": ""})
    assert refused.status_code == 422 and "No column is mapped to the title" in refused.text
    assert pm.post(path, {"act": "run", "source": "Plan", "map_title": "nowhere"}).status_code == 422
    made = act(pm, "run", source="Plan", map_title="what", map_external_id="id", map_ends="when")
    assert (made.state, made.new, made.rejected) == ("done", 1, 1)
    assert Initiative.objects.get().title == "Write <b>more</b>"
    answer = b"".join(pm.get(f"{path}rejected.csv").streaming_content)  # type: ignore[attr-defined]
    (row,) = csv.DictReader(io.StringIO(answer.decode("utf-8-sig")))
    told = {"line": "3", "column": "title", "id": "2", "reason": "This row has no title."}
    assert told.items() <= row.items()


def test_titles_are_escaped(pm: Client) -> None:
    drop(pm, TABLE, "plan.csv")
    made = act(pm, "check", source="Plan", map_title="what")
    assert "Write &lt;b&gt;more" in pm.get(made.get_absolute_url()).text


def test_the_team_is_chosen(pm: Client, cast: Cast) -> None:
    drop(pm)
    made = act(pm, "run", source="KEPs", team=str(cast.other_team.pk))
    assert made.proposed == 5 and set(Initiative.objects.values_list("team", flat=True)) == {
        cast.other_team.pk
    }
    assert "of them in a tray" in pm.get(made.get_absolute_url()).text


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [("a.csv", b" \n", "empty"), ("a.xlsx", b"PK\x03\x04...", "format"), ("a.json", b"[]", "No record")],
)
def test_refused_whole(pm: Client, name: str, content: bytes, why: str) -> None:
    refused = drop(pm, content, name)
    assert refused.status_code == 422 and why in refused.text and not PlanImport.objects.exists()


def test_no_file_and_too_large_a_file(pm: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert pm.post("/plans/").status_code == 422
    monkeypatch.setattr(settings, "PLANS_MAX_BYTES", 10)
    assert drop(pm).status_code == 413


def test_cancelled_before_it_began(pm: Client) -> None:
    path = drop(pm)["Location"]
    pm.post(path, {"act": "run", "source": "KEPs"})
    assert "hx-get" in pm.get(path).text and pm.get(f"{path}progress/").status_code == 200
    pm.post(path, {"act": "cancel"})
    assert pm.get(f"{path}progress/")["HX-Redirect"] == path
    made = PlanImport.objects.get()
    assert (made.state, made.job and made.job.state, Initiative.objects.count()) == (
        "cancelled",
        State.CANCELLED,
        0,
    )


def test_a_file_that_is_dropped_or_forgotten_is_gone(pm: Client) -> None:
    drop(pm)
    assert act(pm, "cancel").state == "cancelled"
    drop(pm)
    PlanImport.objects.update(changed_at=timezone.now() - timedelta(days=8))
    forget_files.call()
    assert {bytes(made.content) for made in PlanImport.objects.all()} == {b""}


def test_an_import_of_the_terminal_is_cancelled_on_the_page(
    pm: Client, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("filrouge.alignment.exchange.importing.BATCH", 2)
    take = PlanImport.take

    def taken(self: PlanImport, *args: Any) -> None:
        take(self, *args)
        pm.post(self.get_absolute_url(), {"act": "cancel"})

    monkeypatch.setattr(PlanImport, "take", taken)
    done = command(tmp_path, "--as", "pm@example.org")
    assert done.exit_code == 1 and "stopped after 2 rows" in done.output
    made = PlanImport.objects.get()
    assert (made.state, made.read, Initiative.objects.count()) == ("cancelled", 2, 2)


@pytest.mark.parametrize("look", ["list", "page", "job"])
def test_one_that_was_killed_in_the_terminal_is_ended_at_once(cast: Cast, pm: Client, look: str) -> None:
    made = PlanImport.objects.create(name="k.csv", state="running", by=cast.pm)
    looks = {
        "list": lambda: pm.get("/plans/"), "page": lambda: pm.get(made.get_absolute_url()),
        "job": forget_files.call,
    }  # fmt: skip
    with made.held():
        looks[look]()
        made.refresh_from_db()
        assert made.state == "running", "it is still at work"
    looks[look]()
    made.refresh_from_db()
    assert made.state == "cancelled"


def test_one_that_ends_while_somebody_looks_keeps_its_own_end(
    cast: Cast, pm: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = PlanImport.objects.create(name="k.csv", state="running", by=cast.pm)

    def ended_meanwhile(_file: Any) -> bool:
        PlanImport.objects.update(state="done", new=7)
        return False

    monkeypatch.setattr("filrouge.voices.incoming.is_held", ended_meanwhile)
    assert pm.get("/plans/").status_code == 200
    made.refresh_from_db()
    assert (made.state, made.new) == ("done", 7)


def test_who_may_come_in(cast: Cast, client: Client) -> None:
    for person in (cast.stakeholder, cast.guest):
        client.force_login(person)
        assert client.get("/plans/").status_code == drop(client).status_code == 403
    client.force_login(cast.maker)
    assert drop(client).status_code == 302


def test_csrf_is_asked_for(cast: Cast) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.pm)
    assert drop(strict).status_code == 403 and not PlanImport.objects.exists()


def test_the_list_asks_a_bounded_number_of_queries(pm: Client, django_assert_max_num_queries: Any) -> None:
    PlanImport.objects.bulk_create([PlanImport(name=f"f{n}.csv", state="done") for n in range(60)])
    with django_assert_max_num_queries(12):
        assert pm.get("/plans/").status_code == 200


def command(tmp_path: Any, *words: str, content: bytes = files.KEPS) -> Any:
    file = tmp_path / "keps.csv"
    file.write_bytes(content)
    return CliRunner().invoke(cli, ["import", "roadmap", str(file), *words])


def test_the_command(cast: Cast, tmp_path: Any) -> None:
    tried = command(tmp_path, "--as", cast.pm.email, "--dry-run")
    assert "Nothing was changed" in tried.output and not PlanImport.objects.exists()
    done = json.loads(command(tmp_path, "--as", cast.pm.email, "--json").output.splitlines()[-1])
    assert (done["read"], done["new"], done["tied"]) == (5, 5, 4)
    again = command(tmp_path, "--as", cast.pm.email)
    assert "5 rows read: 0 new" in again.output and "5 unchanged" in again.output


def test_the_command_says_what_is_wrong(cast: Cast, tmp_path: Any) -> None:
    for words, why in (
        (("--as", cast.guest.email), "Only the product teams import"),
        (("--as", cast.pm.email, "--team", "Nobody"), "there is no team 'Nobody'"),
        (("--as", cast.pm.email, "--format", "gantt"), "not a format of plans"),
        (("--as", cast.pm.email, "--map", "title"), "FIELD=COLUMN"),
    ):
        done = command(tmp_path, *words)
        assert done.exit_code and why in done.output, done.output


def test_whoever_is_erased_leaves_the_rows_set_aside_and_the_files_that_wait(cast: Cast, pm: Client) -> None:
    content = b"id,title,reporter\n1,,Noor Adel\n2,,noor@example.com\n3,,Somebody else\n"
    drop(pm, content, "rows.csv")
    done = PlanImport.objects.get()
    given = {"source": "Tracker", "map_title": "title", "map_external_id": "id"}
    pm.post(f"/plans/import/{done.pk}/", given | {"act": "run"})
    drain()
    drop(pm, content, "waits.csv")
    waiting = PlanImport.objects.exclude(pk=done.pk).get()
    log = Log.objects.create(name="adr.md", format="madr", files=[["adr.md", "Noor Adel"]], by=cast.pm)
    said = {"text": "Hello", "author": "Noor Adel", "email": "noor@example.com", "external_id": "n-1"}
    receive_json({"source": "Survey", "items": [said]}, cast.ops)
    counts = erase(Person.objects.get(), by=cast.ops)
    assert (counts["rows_of_plans"], counts["files_of_plans"], counts["files_of_decisions"]) == (2, 1, 1)
    waiting.refresh_from_db()
    assert bytes(waiting.content) == b"" and waiting.state == PlanImport.State.CANCELLED
    assert not Log.objects.filter(pk=log.pk).exists()
    answer: Any = pm.get(f"/plans/import/{done.pk}/rejected.csv")
    rows = b"".join(answer.streaming_content)
    assert b"oor" not in rows and b"Somebody else" in rows and rows.count(b"\r\n") == 4
