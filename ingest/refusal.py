"""Why a whole file is refused, in the words its sender reads.

Kept out: why a row is refused (`rows`).
"""

import unicodedata
from dataclasses import dataclass

# A header or a name may be as long as its file; of a sentence nobody reads more.
_LONGEST = 1500


def shown(text: str, longest: int = _LONGEST) -> str:
    """A sender's text as a screen may show it: signs that steer one become their codes, what is too long is cut."""
    safe = "".join(
        sign if sign.isprintable() or unicodedata.category(sign) == "Zs" else ascii(sign)[1:-1] for sign in text
    )
    return safe if len(safe) <= longest else f"{safe[:longest]}…"


@dataclass
class Refusal(Exception):
    """A file that cannot be loaded: under which rule, where in it, why, and what mends it.

    `rule` is the last word of the rule's id (`contract.<feed>.<rule>`); `where` is a place in the file.
    """

    rule: str
    where: str
    why: str
    mend: str

    def __post_init__(self) -> None:
        self.where, self.why, self.mend = shown(self.where), shown(self.why), shown(self.mend)

    def __str__(self) -> str:
        return f"{self.why} ({self.where}); {self.mend}"
