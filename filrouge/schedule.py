"""Everything that runs by itself, in one list."""

from filrouge.jobs.schedule import Every

SCHEDULE = [
    Every("jobs.prune", "filrouge.jobs.jobs.prune", minutes=60),
    Every("people.forget_sessions", "filrouge.people.sessions.forget_ended", minutes=60),
    Every("api.forget_answers", "filrouge.api.jobs.forget_answers", minutes=60),
    Every("decisions.reopen_due", "filrouge.alignment.decisions.jobs.reopen_due", minutes=60),
    Every("coherence.check", "filrouge.coherence.jobs.check_everything", minutes=1440),
    Every("exchange.forget_files", "filrouge.alignment.exchange.jobs.forget_files", minutes=1440),
    Every("feedback.forget_uploads", "filrouge.evidence.feedback.jobs.forget_uploads", minutes=1440),
    Every("strategy.remind", "filrouge.alignment.strategy.jobs.remind", minutes=60),
]
