"""What the gate leaves for a person to read: its account, Great Expectations' results and Data Docs pages.

Data Docs as they come name a dozen outside hosts for scripts, styles and pictures, and lean on them for their index.
Here every page stands alone: no script, one small style sheet of ours beside it, an index of ours.

Kept out: judging (`engine`, `gate`). Nothing here imports Great Expectations, so that `publish` may ask for the folder.
"""

import html
import json
import re
import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from ingest.home import Home

ACCOUNT = "gate.json"

_STYLE = """\
body { font: 16px/1.5 system-ui, sans-serif; color: #212b32; margin: 0 auto;
  max-width: 72rem; padding: 1rem; }
.notice { background: #ffeb3b; font-weight: bold; padding: .3rem .6rem; }
table { border-collapse: collapse; margin: .75rem 0; }
th, td { border: 1px solid #aeb7bd; padding: .3rem .6rem; text-align: left; vertical-align: top; }
a { color: #005eb8; }
h5, h6, h4 { font-size: 1.1rem; margin: .5rem 0; }
.ge-section { border-top: 1px solid #aeb7bd; margin-top: 1rem; padding-top: .5rem; }
.badge { background: #e8edee; padding: 0 .3rem; }
.collapse { display: none; }
.collapse:target { display: block; }
.card, footer, .popover, .cooltip .top { display: none; }
.ge-breadcrumbs { list-style: none; padding: 0; }
.text-danger, .fail, .error, .not_run { color: #b5121b; }
.text-success, .pass { color: #00703c; }
.not_applicable, .too_early { color: #4c6272; }
i.fa-times::before { content: "does not hold"; font-style: normal; }
i.fa-check-circle::before { content: "holds"; font-style: normal; }
"""
_DROPPED = re.compile(
    r"<script\b.*?</script>|<link\b[^>]*>|<img\b[^>]*>|<footer\b.*?</footer>|\son\w+=\"[^\"]*\"|url\([^)]*//[^)]*\)",
    re.DOTALL | re.IGNORECASE,
)
# Links to other hosts, and to the pages of the site that Great Expectations would have built around this one.
_AWAY = re.compile(r"<a\b[^>]*href=\"(?:\w+:|//|[^\"#]*/)[^\"]*\"[^>]*>(.*?)</a>", re.DOTALL | re.IGNORECASE)


def docs_folder(home: Home) -> Path:
    """Where the gate leaves its last results: beside the working warehouse, as disposable as that."""
    return home.warehouse.parent / "gate"


def read_account(folder: Path) -> dict[str, Any] | None:
    """The account of the gate that lies in a folder; None where there is none."""
    path = folder / ACCOUNT
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def offline(page: str, notice: str | None = None) -> str:
    """A Data Docs page without scripts, pictures and links that lead out of it, under our style sheet and `notice`."""
    page = _AWAY.sub(r"\1", _DROPPED.sub("", page))
    return page.replace("</head>", '<link rel="stylesheet" href="../style.css"/>\n</head>', 1).replace(
        "<body>", f'<body>\n{_banner(notice)}<p><a href="../index.html">All rules</a></p>', 1
    )


def write_docs(folder: Path, account: dict[str, Any], frames: Sequence[tuple[str, Any]]) -> None:
    """Write the folder anew: `gate.json`, `index.html`, and per frame `results/<name>.json`, `pages/<name>.html`.

    `account` is the outcome with its checks, as JSON; `frames` pairs `<suite>.<frame>` with what was judged of it.
    """
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "results").mkdir(parents=True)
    (folder / "pages").mkdir()
    pages = {}
    for name, judged in frames:
        if judged.result is None:
            continue
        slug = re.sub(r"[^a-z0-9.]+", "_", name.lower())
        _write(folder / "results" / f"{slug}.json", json.dumps(judged.result, indent=1, default=str))
        _write(folder / "pages" / f"{slug}.html", offline(judged.page, account["notice"]))
        pages[name] = f"pages/{slug}.html"
    _write(folder / "style.css", _STYLE)
    _write(folder / "index.html", _index(account, pages))
    _write(folder / ACCOUNT, json.dumps(account, indent=1, default=date.isoformat))


def _index(account: dict[str, Any], pages: dict[str, str]) -> str:
    rows = []
    for check in account["checks"]:
        name = html.escape(check["frame"])
        place = f'<a href="{pages[check["frame"]]}">{name}</a>' if check["frame"] in pages else name
        cells = (check["severity"], check["rule_id"], check["holds"], check["because"], check["detail"])
        status = check["status"]
        rows.append(
            f'<tr><td class="{status}">{status.replace("_", " ")}</td>'
            + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells)
            + f"<td>{place}</td></tr>"
        )
    verdict = "held: it publishes nothing" if account["held"] else "free to be published"
    waivers = "".join(f"<li>{html.escape(line)}</li>\n" for line in account["told_of_waivers"])
    told = f"<h2>Waivers</h2>\n<ul>\n{waivers}</ul>\n" if waivers else ""
    heads = "".join(
        f"<th>{head}</th>" for head in ("Outcome", "Severity", "Rule", "What must hold", "Because", "Found", "Results")
    )
    return f"""<!DOCTYPE html>
<html lang="en">
<head><meta charset="UTF-8"><title>Checks of run {html.escape(account["run_id"])}</title>
<link rel="stylesheet" href="style.css"/></head>
<body>
{_banner(account["notice"])}<h1>Checks across marts</h1>
<p>Run {html.escape(account["run_id"])} is {verdict}.</p>
{told}<table>
<thead><tr>{heads}</tr></thead>
<tbody>
{chr(10).join(rows)}
</tbody>
</table>
</body>
</html>
"""


def _banner(notice: str | None) -> str:
    return f'<p class="notice">{html.escape(notice)}</p>\n' if notice else ""


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
