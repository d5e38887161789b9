"""What is said to somebody whose work takes turns with that of others."""

from pages.parts.texts import _


def taking_turns(others: int) -> str:
    """Return with how many other jobs a job takes turns; at least one."""
    if others == 1:
        return _("taking turns with 1 other")
    return _("taking turns with {count} others").format(count=others)
