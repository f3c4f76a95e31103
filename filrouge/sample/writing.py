"""The Items of the sample, made through Verbs by its people, so that their history is true."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import override

from filrouge.alignment.decisions.models import Decision
from filrouge.alignment.roadmap.models import Initiative
from filrouge.desk.models import Comment
from filrouge.evidence.insights.models import Insight, Opportunity, Quote, Side
from filrouge.people.models import Product, Team, User
from filrouge.voices.models import Source, Words

from . import goals, past
from .files import release_notes

Told = Mapping[str, Any]
ARGUED = ("about", "pros", "cons")
RELEASED = {"by": "pm", "team": "notebook", "product": "notebook"}


def _day(told: Told, name: str) -> date | None:
    """A day counted from today, so that the sample is always about now."""
    key = f"{name}_in_days"
    return timezone.localdate() + timedelta(days=told[key]) if key in told else None


class Desk:
    """Whom and what the file names by key, while its Items are being written."""

    def __init__(
        self,
        people: Mapping[str, User],
        teams: Mapping[str, Team],
        products: Mapping[str, Product],
        sources: Mapping[str, Source],
    ) -> None:
        self.people, self.teams, self.products, self.sources = people, teams, products, sources
        self.items: dict[str, Any] = {}

    def write(self, told: Told) -> None:
        """Everything in the order in which it happened: problem, evidence, answer, decision, news."""
        for one in told["opportunities"]:
            self.items[one["key"]] = self._opportunity(one)
        for one in told["insights"]:
            self.items[one["key"]] = self._insight(one)
        for one in told["quotes"]:
            self._quote(one)
        for one in told["initiatives"]:
            self.items[one["key"]] = self._initiative(RELEASED | one if "version" in one else one)
        for one in told["needs"]:
            self._need(one)
        for one in told["goals"]:
            self.items[one["key"]] = goals.set_goal(self, one)
        for one in told["decisions"]:
            self.items[one["key"]] = self._decision(one)
        for one in told["published"]:
            goals.publish(self, one)
        self._close(told["opportunities"])
        self._tell(told)

    def _place(self, told: Told) -> dict[str, Any]:
        """Who writes, for which team and area."""
        place: dict[str, Any] = {"by": self.people[told["by"]], "team": self.teams[told["team"]].pk}
        return place | ({"product": self.products[told["product"]].pk} if "product" in told else {})

    def _opportunity(self, told: Told) -> Opportunity:
        names = ("title", "problem", "audience", "unknowns")
        written = {name: told[name].strip() for name in names if name in told}
        made: Opportunity = (Opportunity.propose if told.get("proposed") else Opportunity.create)(
            **self._place(told), **written
        )
        return made

    def _insight(self, told: Told) -> Insight:
        written = {name: told.get(name, "").strip() for name in ("title", "claim", "unknowns")}
        made: Insight = Insight.create(**self._place(told), **written, confidence=told["confidence"])
        for key in told["supports"]:
            made.link(by=self.people[told["by"]], to=self.items[key].pk, relation=Side.SUPPORTS)
        return made

    def _quote(self, told: Told) -> None:
        by = self.people[told["by"]]
        said = Words.objects.get(source=self.sources[told["source"]], external_id=told["id"])
        start = said.text.index(told["words"])
        quote = Quote.create(by=by, words=said.pk, start=start, end=start + len(told["words"]))
        for side in Side.values:
            for key in told.get(side, ()):
                quote.link(by=by, to=self.items[key].pk, relation=side)

    def _initiative(self, told: Told) -> Initiative:
        by = self.people[told["by"]]
        if told.get("proposed"):
            proposal: Initiative = Initiative.propose(
                **self._place(told), title=told["title"], outcome=told["outcome"]
            )
            return proposal
        written = {name: told[name] for name in ("title", "outcome", "horizon") if name in told}
        because = [{"item": self.items[key].pk} for key in told.get("answers", ())]
        days = {"starts": _day(told, "starts"), "ends": _day(told, "ends")}
        exactly = {"ends_precision": told.get("ends_precision", "day")}
        with past.ago(told.get("days_ago", 0)):
            made: Initiative = Initiative.create(
                **self._place(told), **written, **days, **exactly, from_items=because
            )
        past.move(made, told.get("said", []), by)
        if "version" in told:
            made.ship(by=by, version=told["version"], notes=release_notes(told["version"]), undated=True)
        elif told.get("started"):
            made.start(by=by)
        past.finish(made, told, by)
        return made

    def _need(self, told: Told) -> None:
        """What an item asks of another team's, and the answer if there is one."""
        item, other = self.items[told["item"]], self.items[told["needs"]]
        item.depend(
            by=self.people[told["by"]], needs=other.pk, kind=told.get("kind", "FS"), note=told["note"]
        )
        if "declined" in told:
            other.decline_dependency(
                by=self.people[told["answered_by"]], dependant=item.pk, reason=told["declined"]
            )
        elif "answered_by" in told:
            other.accept_dependency(by=self.people[told["answered_by"]], dependant=item.pk)

    def _decision(self, told: Told) -> Decision:
        by = self.people[told["by"]]
        because = [{"item": self.items[key].pk} for key in told["about"]]
        written = {"title": told["title"], "context": told["context"].strip(), "due": _day(told, "due")}
        driver = {"driver": self.people[told["driver"]].pk} if "driver" in told else {}
        made: Decision = Decision.create(**self._place(told), **written, **driver, from_items=because)
        for one in told["options"]:
            made.add_option(
                by=by, option_title=one["title"], **{n: one[n].strip() for n in ARGUED if n in one}
            )
        if "rationale" in told:
            chosen = made.options.get(title=told["outcome"])
            made.decide(by=by, rationale=told["rationale"].strip(), option=chosen.pk)
        return made

    def _close(self, opportunities: list[Told]) -> None:
        for told in opportunities:
            if "closed" in told:
                self.items[told["key"]].close(by=self.people[told["by"]], reason=told["closed"])

    def _tell(self, told: Told) -> None:
        """The words approved for wider circles, and what colleagues say to each other."""
        for face in told["faces"]:
            item = self.items[face["item"]]
            words = {name: face[name] for name in ("circle", "language", "title", "text")}
            with override(face["language"]):
                shown = item.shown_date if face.get("dated") else ""
            item.open_to(by=item.author, **words, shown_date=shown)
        for comment in told["comments"]:
            Comment.write(self.items[comment["item"]], comment["text"], by=self.people[comment["by"]])
