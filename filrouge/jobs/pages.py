"""The page of background work: what failed, what runs, what waits, what was done."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from filrouge.jobs.models import Job, NotPossible, Outbox, State, state
from filrouge.people.access import Act
from filrouge.people.gate import access, reader_of

SHOWN = 50
ACTS: dict[str, tuple[Callable[..., None], Any]] = {
    "retry": (Job.retry, _("“%(title)s” will be tried again.")),
    "discard": (Job.discard, _("“%(title)s” is off the list and will not be tried again.")),
    "cancel": (Job.cancel, _("“%(title)s” is cancelled. If it is running, it stops at its next safe point.")),
}


@require_safe
@access(Act.RUN_JOBS)
def board(request: HttpRequest) -> HttpResponse:
    """Failed, running, waiting and recently ended jobs."""
    jobs = Job.objects
    lists = {
        "dead": jobs.dead()[:SHOWN],
        "running": jobs.running()[:SHOWN],
        "waiting": jobs.waiting()[:SHOWN],
        "ended": jobs.ended()[:SHOWN],
    }
    unsent = Outbox.objects.filter(
        state=Outbox.State.WAITING, job__state__in=(State.READY, State.RUNNING)
    ).count()
    return render(request, "jobs/jobs.html", {**lists, "health": state(), "unsent": unsent, "shown": SHOWN})


@require_POST
@access(Act.RUN_JOBS)
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Retry, discard or cancel one job."""
    job = get_object_or_404(Job, pk=pk)
    method, done = ACTS[name]
    try:
        method(job, by=reader_of(request))
    except NotPossible as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done % {"title": job.title})
    return redirect("jobs:board")
