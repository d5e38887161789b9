"""Long work, as pages ask for it: one piece at a time."""

from collections.abc import Collection
from typing import Any

from cnnviz_core.runtime import jobs as running
from cnnviz_core.runtime.jobs import Job
from cnnviz_core.runtime.scheduler import Urgency
from cnnviz_core.views import page_runs


def work_on(jobs: Collection[Job[Any]], urgency: Urgency = "finished") -> None:
    """Do a piece of what is not finished, a third of a second or less, when its turn comes."""
    page_runs.step_aside()
    running.work_on(jobs, urgency)


def num_others(jobs: Collection[Job[Any]]) -> int:
    """Return how many jobs of others take turns with these."""
    return running.num_others(jobs)
