"""What a trial leaves: patients as Parquet, the summary as JSON, a report as one page of HTML. All of them, or none."""

from __future__ import annotations

import html
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from winddown.domain.refusals import NotAllowed

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from winddown.domain.trials.run import Part

ROWS, SUMMARY, REPORT = "patients.parquet", "summary.json", "report.html"
INK = ("#1b5e8c", "#b3541e", "#3f7d3a", "#7a4a9e", "#8c6d1f", "#4a4a4a")


@contextmanager
def unfinished(folder: Path, *, replace: bool) -> Iterator[Path]:
    """A folder to write into that takes its name only when everything is written; whatever breaks off leaves nothing.

    refuses  NotAllowed for a folder that is there, unless it may be replaced, and for one that cannot be written
    """
    if folder.exists() and not replace:
        raise NotAllowed(
            because=f"{folder} is already there.",
            way_out="Give another --out, or --replace to put this trial in its place.",
            code="out_exists",
            where="out",
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as why:
        raise NotAllowed(
            because=f"{folder} cannot be written: {why.strerror}.",
            way_out="Give an --out in a folder that you may write to.",
            code="out_not_writable",
            where="out",
        ) from why
    try:
        yield made
        made.chmod(0o755)
        if folder.exists():
            shutil.rmtree(folder)
        made.rename(folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)


class Rows:
    """The patients' file, written part by part; one row group for each arm of each part.

    about  what must travel with the columns: "" for the whole file, a column's name for that column
    """

    def __init__(self, path: Path, about: Mapping[str, Mapping[str, str]]) -> None:
        self._path, self._about = path, about
        self._writer: pq.ParquetWriter | None = None

    def __enter__(self) -> Rows:
        return self

    def __exit__(self, kind: type[BaseException] | None, why: BaseException | None, trace: TracebackType | None) -> None:
        if self._writer is not None:
            self._writer.close()

    def add(self, part: Part) -> None:
        import pyarrow.parquet as pq  # slow import

        for arm, columns in part.rows.items():
            table = _labeled(_table(arm, columns), self._about)
            if self._writer is None:
                self._writer = pq.ParquetWriter(self._path, table.schema, compression="zstd")
            self._writer.write_table(table)


def _table(arm: str, columns: Mapping[str, Any]) -> pa.Table:
    import pyarrow as pa  # slow import

    names = pa.DictionaryArray.from_arrays(pa.array([0] * len(columns["patient"]), pa.int8()), pa.array([arm]))
    return pa.table({"patient": columns["patient"], "arm": names.cast(pa.string()), **{k: v for k, v in columns.items() if k != "patient"}})


def _labeled(table: pa.Table, about: Mapping[str, Mapping[str, str]]) -> pa.Table:
    """The same table with its words in the metadata of the file and of its columns."""
    import pyarrow as pa  # slow import

    fields = [column.with_metadata(dict(about[column.name])) if column.name in about else column for column in table.schema]
    return table.cast(pa.schema(fields, metadata=dict(about[""])))


def write_summary(path: Path, told: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(told, indent=1, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")


def write_report(path: Path, told: Mapping[str, Any]) -> None:
    path.write_text(report(told), encoding="utf-8")


def report(told: Mapping[str, Any]) -> str:
    """One page: what was asked, one table, the courses, the outcomes, what must be read beside them."""
    arms = "".join(f"<li><b>{_said(arm['name'])}</b>: {_said(arm['words'])}</li>" for arm in told["arms"])
    warnings = "".join(f"<li>{_said(words)}</li>" for words in told["warnings"])
    return PAGE.format(
        title=_said(told["title"]),
        facts=_said(f"{told['patients']:,} simulated patients; {_people(told['population'])}; model {told['model']}; seed {told['seed']}."),
        arms=arms,
        table=_outcome_table(told),
        courses=courses_picture([arm["name"] for arm in told["arms"]], told["courses"]),
        caution=_said(told["words"]),
        warnings=f"<ul>{warnings}</ul>" if warnings else "",
    )


def _said(words: str) -> str:
    return html.escape(str(words))


def _people(population: Mapping[str, Any]) -> str:
    def spread(told: Mapping[str, Any], unit: str) -> str:
        figures = ", ".join(f"{key} {value:g}" for key, value in told.items() if key != "distribution")
        return f"{told['distribution']} ({figures}) {unit}"

    return (
        f"weight {spread(population['weight_kg'], 'kg')}, age {spread(population['age_years'], 'years')}, "
        f"{100 * population['female']:.0f}% women"
    )


def _outcome_table(told: Mapping[str, Any]) -> str:
    heads = "".join(f'<th scope="col">{_said(arm["name"])}</th>' for arm in told["arms"])
    lines = []
    for outcome in told["outcomes"]:
        limit = f", limit {outcome['limit']:g}" if "limit" in outcome else ""
        minute = f", minute {outcome['minute']:g}" if "minute" in outcome else ""
        shade = "weak" if outcome["rating"] == "exploratory" else "rating"
        rated = "" if outcome["rating"] == "exact" else f' <span class="{shade}">{_said(outcome["rating"])}</span>'
        what = f"{outcome['measure']} {outcome['of']}".replace("_", " ") + limit + minute
        cells = "".join(f"<td>{_cell(arm['outcomes'][outcome['name']])}</td>" for arm in told["arms"])
        lines.append(f'<tr><th scope="row">{_said(what)} <small>{_said(outcome["unit"])}</small>{rated}</th>{cells}</tr>')
    return f"<table><thead><tr><td></td>{heads}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


def _cell(figures: Mapping[str, Any]) -> str:
    if "share" in figures:
        return "-" if figures["share"] is None else f"{100 * figures['share']:.1f}%"
    if figures["median"] is None:
        return "nobody"
    without = f"<br><small>{figures['without']:,.0f} still above at the end</small>" if figures["without"] else ""
    return f"<b>{figures['median']:.3g}</b> <small>({figures['p05']:.3g} to {figures['p95']:.3g})</small>{without}"


def courses_picture(names: Sequence[str], courses: Sequence[Mapping[str, Any]], *, columns: int = 3) -> str:
    """An SVG of small panels, one for each line: median and the 5 to 95% band of every arm.

    names    the arms, in the order of their colors
    courses  each with arm, line, unit, times_min, p05, median and p95, as the summary of a trial holds them
    """
    return _figure(_course_spec(names, courses, columns))


def _course_spec(names: Sequence[str], courses: Sequence[Mapping[str, Any]], columns: int) -> dict[str, Any]:
    units = {course["line"]: course["unit"] for course in courses}
    panels = []
    for line in dict.fromkeys(course["line"] for course in courses):
        rows = [
            {"arm": course["arm"], "minute": minute, "low": low, "middle": middle, "high": high}
            for course in courses
            if course["line"] == line
            for minute, low, middle, high in zip(course["times_min"], course["p05"], course["median"], course["p95"], strict=True)
        ]
        color = {
            "field": "arm",
            "type": "nominal",
            "scale": {"domain": list(names), "range": list(INK)},
            "legend": {"orient": "top", "title": None, "symbolType": "stroke", "symbolStrokeWidth": 3, "symbolOpacity": 1},
        }
        x = {"field": "minute", "type": "quantitative", "title": "Minutes from the start"}
        title = f"{line.replace('_', ' ')}, {units[line]}"
        y = {"type": "quantitative", "title": title}
        band = {"mark": {"type": "area", "opacity": 0.18}, "encoding": {"y": {"field": "low", **y}, "y2": {"field": "high"}}}
        middle_line = {"mark": {"type": "line", "strokeWidth": 2}, "encoding": {"y": {"field": "middle", **y}}}
        panels.append(
            {"width": 270, "height": 170, "data": {"values": rows}, "encoding": {"x": x, "color": color}, "layer": [band, middle_line]}
        )
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "description": "Courses of each arm: the median and the band from 5 to 95 percent of the simulated patients",
        "concat": panels,
        "columns": columns,
        "config": {"font": "sans-serif", "view": {"stroke": None}, "background": "white"},
    }


def _figure(spec: Mapping[str, Any]) -> str:
    import vl_convert  # slow import

    drawn: str = vl_convert.vegalite_to_svg(json.dumps(spec))
    return drawn


PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
@page {{ size: A4; margin: 14mm; }}
body {{ font: 15px/1.45 system-ui, sans-serif; color: #1c1c1c; background: #fff; max-width: 66rem; margin: 2rem auto; padding: 0 1rem; }}
h1 {{ font-size: 1.5rem; margin: 0 0 .25rem; }}
h2 {{ font-size: 1.05rem; margin: 1.5rem 0 .5rem; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ text-align: start; padding: .35rem .6rem; border-block-end: 1px solid #ccc; vertical-align: top; }}
th[scope=row] {{ font-weight: 400; }}
small {{ color: #555; }}
.weak {{ border: 1px solid #8c6d1f; color: #6b5210; border-radius: .25rem; padding: 0 .3rem; font-size: .8rem; }}
.caution {{ border-inline-start: 4px solid #b3541e; padding: .5rem .9rem; background: #fdf3ec; }}
svg {{ max-width: 100%; height: auto; }}
</style>
</head>
<body>
<h1>{title}</h1>
<p>{facts}</p>
<ul>{arms}</ul>
<p class="caution">{caution}</p>
{warnings}
<h2>Outcomes: median (5 to 95% of the patients)</h2>
{table}
<h2>Courses: median, and the band in which 90% of the patients lie</h2>
{courses}
</body>
</html>
"""
