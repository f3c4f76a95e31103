"""Work that happens after the answer: jobs with a lease and fencing, the schedule, the outbox."""
