"""Loads that begin from nothing, from half, or where somebody is already; a workspace without the sample."""

import re

import pytest
from django.test import Client

from filrouge.core.models import Item
from filrouge.people.models import User
from filrouge.sample.files import workspace
from filrouge.sample.load import load
from filrouge.voices.models import Source, Words


def test_a_load_that_was_cut_short_is_completed(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object) -> None:
        raise OSError("the machine went down")

    with monkeypatch.context() as patched, pytest.raises(OSError):
        patched.setattr("filrouge.sample.load.Desk.write", broken)
        load(progress=lambda said: None)
    assert not Item.objects.exists()
    assert load(progress=lambda said: None)
    assert Words.objects.count() == 8_238
    assert User.objects.count() == len(workspace()["people"])


def test_it_says_how_long_it_took(db: None) -> None:
    said: list[str] = []
    load(progress=said.append)
    assert re.search(r"items around them, in \d+ s", said[-1])
    print(said[-1])


def test_it_does_not_mix_with_somebody_of_the_same_name(db: None) -> None:
    User.objects.create_user("pm@example.org", "maker", None)
    assert load(progress=lambda said: None) is False
    assert not Source.objects.exists()


def test_without_the_sample_there_is_no_tour(client: Client, cast: object) -> None:
    client.force_login(User.objects.get(email="pm@example.org"))
    assert "tour-steps" not in client.get("/").content.decode()
    for address in ("/tour/", "/sample/"):
        page = client.get(address)
        assert page.status_code == 200
        assert "tour-steps" not in page.content.decode()
        assert "/sample/remove/" not in page.content.decode()
