"""Whether pages of other origins may read (CORS)."""

from __future__ import annotations

from collections.abc import Iterator

from karospace_stream.doctor.ask import Answer
from karospace_stream.doctor.findings import Finding, Verdict, fine, note, warning
from karospace_stream.doctor.text import listed, shown
from karospace_stream.doctor.visit import Visit

_CHECK = "cors"
_ALLOW = "Access-Control-Allow-Origin"
#: Headers that readers of byte ranges use. Pages may always see Content-Length.
_WANTED = ("Content-Range", "ETag")


def check_origins(visit: Visit) -> list[Finding]:
    """Send ``Origin``. No viewer request makes browsers ask for permission first, so no OPTIONS is sent."""
    keys = [visit.format.head, *([visit.asset.key] if visit.asset else [])]
    answers = {key: visit.ask(key, headers={"Origin": visit.page_origin}) for key in keys}
    closed = {key: why for key, each in answers.items() if (why := _closed(each, visit.page_origin))}
    if closed:
        return [_refused(visit, closed)]
    absent = visit.ask(visit.absent_key, headers={"Origin": visit.page_origin})
    found = [*_details(list(answers.values()), visit.page_origin)]
    if absent.status != 200 and _closed(absent, visit.page_origin):
        found.append(
            warning(
                _CHECK,
                f"answers about missing files lack {_ALLOW}: to a page elsewhere the host seems unreachable",
                "cors",
            )
        )
    who = visit.origin or "any page"
    return (
        found
        if any(each.verdict is Verdict.WARNING for each in found)
        else [fine(_CHECK, f"{who} may read"), *found]
    )


def _closed(answer: Answer, origin: str) -> str:
    """Why a page may not read; empty if it may."""
    values = [str(value).strip() for value in answer.headers.get_all(_ALLOW, [])]
    given = ", ".join(values)
    if not values:
        return f"{_ALLOW} is missing"
    if len(values) > 1 or "," in given:
        return f"{_ALLOW} is sent more than once ({shown(given)}), which browsers refuse"
    return "" if given in {"*", origin} else f"{_ALLOW} is {shown(given)}"


def _refused(visit: Visit, closed: dict[str, str]) -> Finding:
    why = next(iter(closed.values()))
    where = f" for {listed(list(closed))}"
    if visit.elsewhere:
        who = visit.origin or "pages"
        sentence = f"{who} may not read: {why}{where}"
        return Finding(_CHECK, Verdict.FAULT, sentence, "cors")
    return warning(_CHECK, f"only the page in the export may read: {why}{where}", "cors")


def _details(answers: list[Answer], origin: str) -> Iterator[Finding]:
    for answer in answers:
        vary = {each.strip().lower() for each in answer.header("Vary").split(",")}
        if answer.header(_ALLOW) == origin and not vary & {"origin", "*"}:
            yield warning(
                _CHECK,
                f"{_ALLOW} names the page without Vary: Origin, so a cache may send it to another page",
                "cors",
            )
            break
    exposed = {
        each.strip().lower() for each in answers[-1].header("Access-Control-Expose-Headers").split(",")
    }
    hidden = [name for name in _WANTED if not exposed & {name.lower(), "*"}]
    if hidden:
        yield note(
            _CHECK,
            f"pages elsewhere cannot see {' and '.join(hidden)}; only readers of byte ranges need them",
        )
