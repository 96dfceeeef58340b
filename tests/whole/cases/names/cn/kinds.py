"""Types that several nodes share."""

from typing import Optional

Size = Optional[int]
