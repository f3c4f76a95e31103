"""The side bar shows each reader their places, and counts cost one question."""

from types import SimpleNamespace

import pytest
from django.test import RequestFactory

from filrouge.ui import navigation
from filrouge.ui.navigation import Entry


@pytest.fixture(autouse=True)
def empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "NAV", {name: [] for name in navigation.SECTIONS})
    monkeypatch.setattr(navigation, "COUNTERS", [])


def read(path: str = "/ui/", role: str = "maker") -> tuple[navigation.Section, ...]:
    request = RequestFactory().get(path)
    request.user = SimpleNamespace(pk=1, is_authenticated=True, role=role)  # type: ignore[assignment]
    return navigation.navigation(request)


def test_a_section_without_places_is_left_out() -> None:
    navigation.register("Evidence", Entry("Parts", "ui:gallery"))
    assert [section.name for section in read()] == ["evidence"]


def test_roles_and_unknown_addresses_hide_an_entry() -> None:
    navigation.register("", Entry("Parts", "ui:gallery", roles=frozenset({"admin"})))
    navigation.register("", Entry("Nowhere", "no-such-page"))
    assert read(role="maker") == ()
    assert [place.label for place in read(role="admin")[0].places] == ["Parts"]


def test_the_current_place_is_marked() -> None:
    navigation.register("", Entry("Parts", "ui:gallery"))
    assert read("/ui/")[0].places[0].current
    assert not read("/uix/")[0].places[0].current


def test_a_page_whose_address_begins_elsewhere_is_of_the_place_that_holds_it() -> None:
    navigation.register("", Entry("Parts", "ui:gallery", holds=("/screws/",)))
    assert read("/screws/3/")[0].places[0].current
    assert not read("/nails/3/")[0].places[0].current


def test_an_entry_registered_twice_stands_once_and_before_its_neighbour() -> None:
    navigation.register("", Entry("Parts", "ui:gallery"))
    navigation.register("", Entry("Parts", "ui:gallery"))
    navigation.register("", Entry("Sign in", "account_login"), before="ui:gallery")
    assert [place.label for place in read()[0].places] == ["Sign in", "Parts"]


def test_shared_counts_are_asked_for_once() -> None:
    asked: list[object] = []

    def counts(reader: object) -> navigation.Counts:
        asked.append(reader)
        return {"parts": 3, "inbox": "1,000+"}

    navigation.counter(counts)
    navigation.register("", Entry("Parts", "ui:gallery", count="parts"))
    navigation.register("evidence", Entry("Sign in", "account_login", count="inbox"))
    shown = [place.count for section in read() for place in section.places]
    assert (shown, len(asked)) == ([3, "1,000+"], 1)
