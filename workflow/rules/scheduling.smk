# How often Snakemake looks for jobs that it can start.

import time


def look_once_a_span(scheduler):
    """Let one look for ready jobs wait at a time, instead of one more for every finished job.

    For its limit of jobs in a timespan (100 a second), Snakemake 9 looks again a second after each
    look. Every finished job makes it look as well and so begins another such series, and none ever
    ends: after k jobs it looks k times a second, and after some hundreds that alone takes a core.
    """
    look_later = scheduler._schedule_reevalutation
    due = 0.0

    def look_later_once(delay):
        nonlocal due
        now = time.monotonic()
        if now >= due:
            due = now + delay
            look_later(delay)

    scheduler._schedule_reevalutation = look_later_once


onstart:
    look_once_a_span(workflow.scheduler)
