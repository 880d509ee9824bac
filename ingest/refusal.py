"""Why a whole file is refused, in the words its sender reads.

Kept out: why a row is refused (`rows`).
"""

from dataclasses import dataclass


@dataclass
class Refusal(Exception):
    """A file that cannot be loaded: under which rule, where in it, why, and what mends it.

    `rule` is the last word of the rule's id (`contract.<feed>.<rule>`); `where` is a place in the file.
    """

    rule: str
    where: str
    why: str
    mend: str

    def __str__(self) -> str:
        return f"{self.why} ({self.where}); {self.mend}"
