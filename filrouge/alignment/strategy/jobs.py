"""Reminders of check-ins: by mail, in each person's working hours, at most one a week."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_tasks import task

from filrouge.jobs.outbox import post_mail
from filrouge.lib.dates import zone
from filrouge.people.models import User

from .answering import answered_by, own
from .models import KeyResult
from .standing import HEAVY

MORNING, EVENING = 9, 17
WEEKEND = 5
LISTED = 10


@task(queue_name="mail", label=gettext_lazy("Remind of check-ins"))
def remind() -> int:
    """Write to those who are at work now and have key results to check in."""
    return remind_at(timezone.now())


def remind_at(now: datetime) -> int:
    people = User.objects.reading_items().filter(sample=False)
    working = [person for person in people if at_work(person, now)]
    held = answered_by({person.pk for person in working})
    return sum(_write(one, due, now) for one in working if (due := _due(held[one.pk], one, now)))


def at_work(person: User, now: datetime) -> bool:
    """From nine to five of a weekday, where the person is."""
    here = now.astimezone(zone(person.timezone))
    return here.weekday() < WEEKEND and MORNING <= here.hour < EVENING


def due_of(person: User, now: datetime) -> list[KeyResult]:
    """Their key results that wait for a check-in, by the day where they are."""
    return _due(own(person).select_related(None).select_related("cycle").defer(*HEAVY), person, now)


def _due(items: Iterable[KeyResult], person: User, now: datetime) -> list[KeyResult]:
    here = zone(person.timezone)
    return [item for item in items if item.is_due(now, here)]


def _write(person: User, due: Iterable[KeyResult], now: datetime) -> bool:
    """One letter a week: asked again in the same week, the outbox knows it by its key."""
    year, week, _day = now.astimezone(zone(person.timezone)).isocalendar()
    with translation.override(person.language):
        titles = [item.title for item in due]
        subject = ngettext(
            "%(n)s key result waits for your check-in",
            "%(n)s key results wait for your check-in",
            len(titles),
        ) % {"n": len(titles)}
        address = settings.SITE_URL + reverse("check-ins")
        more = len(titles) - LISTED
        lines = [f"- {title}" for title in titles[:LISTED]]
        lines += [_("and %(n)s more") % {"n": more}] if more > 0 else []
        text = _("Hello %(name)s,") % {"name": person.name} + "\n\n" + "\n".join(lines)
        text += "\n\n" + _("All on one page: %(address)s") % {"address": address} + "\n"
        post_mail(person.email, subject, text, f"check-ins:{person.pk}:{year}-{week}")
    return True
