"""Whether a page is light or dark."""

from typing import Literal

Theme = Literal["light", "dark"]
