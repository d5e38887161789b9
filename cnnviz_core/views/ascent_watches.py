"""Who looks at which climb: it stands in the line as long as anybody does."""

import threading
import weakref
from dataclasses import dataclass, field

from cnnviz_core.runtime import scheduler
from cnnviz_core.runtime.jobs import LINE, work_on
from cnnviz_core.runtime.scheduler import Ticket, Urgency
from cnnviz_core.views.ascent_jobs import AscentJob


@dataclass(slots=True, eq=False)
class _Place:
    ticket: Ticket | None = None
    num_watchers: int = 0


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class AscentWatch:
    """One visitor's look at a climb, which stands in the line as long as anybody looks at it.

    However many look, it stands there once, and each of them takes it further. Who looks away
    calls `look_away`, or loses the watch, as a session that ends does.
    """

    ascent: AscentJob
    ticket: Ticket
    _place: _Place = field(repr=False)
    _has_left: threading.Event = field(default_factory=threading.Event, repr=False)


@dataclass(frozen=True, slots=True)
class AscentStanding:
    """How many climbs and other long jobs take turns, this one included.

    `seconds` is how long the rest takes with so many; None as long as that is not known.
    """

    num_jobs: int
    seconds: float | None


# A watch may be lost in the middle of what is locked, in the same thread.
_lock = threading.RLock()
_places: weakref.WeakKeyDictionary[AscentJob, _Place] = weakref.WeakKeyDictionary()


def watch_ascent(ascent: AscentJob, urgency: Urgency) -> AscentWatch:
    """Look at a climb."""
    with _lock:
        place = _places.setdefault(ascent, _Place())
        if place.ticket is None:
            place.ticket = scheduler.join(LINE, urgency)
        place.num_watchers += 1
        watch = AscentWatch(ascent, place.ticket, place)
    weakref.finalize(watch, _leave, place, watch._has_left)
    return watch


def look_away(watch: AscentWatch) -> None:
    """Leave the line, unless others look at the same climb; twice does no harm."""
    _leave(watch._place, watch._has_left)


def _leave(place: _Place, has_left: threading.Event) -> None:
    with _lock:
        if has_left.is_set():
            return
        has_left.set()
        place.num_watchers -= 1
        if not place.num_watchers and place.ticket is not None:
            scheduler.leave(LINE, place.ticket)
            place.ticket = None


def climb_on(watch: AscentWatch) -> None:
    """Take a climb a piece further, if it is its turn."""
    if not watch.ascent.is_finished:
        work_on([watch.ascent.job], watch.ticket)
    if watch.ascent.is_finished:
        scheduler.leave(LINE, watch.ticket)


def ascent_standing(watch: AscentWatch) -> AscentStanding:
    """With how many a climb takes turns, and how long the rest of it takes."""
    num_jobs = max(1, scheduler.num_jobs(LINE, watch.ticket))
    alone = _seconds_left(watch.ascent)
    return AscentStanding(num_jobs, None if alone is None else alone * num_jobs)


def _seconds_left(ascent: AscentJob) -> float | None:
    state, first = ascent.state, 1 / (ascent.question.steps + 1)
    share = state.climbed.share
    if share <= first or not state.seconds:
        return None
    return state.seconds * (1 - share) / (share - first)
