"""The command line: the only module that prints, and the only one that reads the clock."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NoReturn

import typer

from pipelines import (
    cli_accounts,
    cli_changes,
    cli_collect,
    cli_desk,
    cli_judgements,
    cli_keep,
    cli_run,
    cli_schedule,
    cli_sources,
)
from pipelines.console import Printer, printer
from pipelines.threads import one_thread_each
from research.errors import DossierError, UsageError

if TYPE_CHECKING:
    from pipelines.bootstrap import Workspace
    from pipelines.brief import Outcome

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
app.add_typer(cli_accounts.app, name="accounts")
app.add_typer(cli_judgements.app, name="judgements")
app.command("sources")(cli_sources.sources)
app.command("doctor")(cli_keep.doctor)
app.command("backup")(cli_keep.backup)
app.command("restore")(cli_keep.restore)
app.command("review")(cli_desk.review)
for _command in (
    cli_schedule.refresh,
    cli_schedule.schedule,
    cli_changes.changes,
    cli_changes.digest,
    cli_changes.notify,
):
    app.command()(_command)
app.command("runs")(cli_run.runs)
app.command("collect")(cli_collect.collect)

Home = Annotated[Path | None, typer.Option("--home", help="Folder of the store and settings (default: DOSSIER_HOME).")]
Out = Annotated[Path | None, typer.Option("--out", help="Folder for the brief (default: out/ACCOUNT).")]
From = Annotated[
    list[str] | None, typer.Option("--from", help="WARC, file or folder to read instead of the web; repeatable.")
]
AsOf = Annotated[str | None, typer.Option("--as-of", help="Date for which the brief is made, YYYY-MM-DD.")]
Formats = Annotated[str, typer.Option("--format", help="Any of html, md, json, separated by commas.")]


def now() -> str:
    """The present moment as an ISO date-time in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@contextmanager
def workspace(home: Path | None, out: Printer | None = None) -> Iterator[Workspace]:
    """The open home folder with a progress line on a terminal."""
    from pipelines.bootstrap import default_home, open_workspace

    with (out or printer()).progress() as progress, open_workspace(home or default_home(), now, progress) as opened:
        yield opened


def iso_date(text: str | None) -> str | None:
    """A date as the commands take it; UsageError on anything else."""
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date().isoformat()
    except ValueError:
        raise UsageError(f"{text!r} is no date: write it like 2026-01-31") from None


@app.command()
def brief(  # noqa: PLR0913, PLR0917  (one argument an option of the command)
    target: Annotated[str, typer.Argument(help="A company's home page, or its name.")],
    sources: From = None,
    out: Out = None,
    formats: Formats = "html,md,json",
    as_of: AsOf = None,
    max_pages: Annotated[int | None, typer.Option("--max-pages", min=1, help="Page budget of a crawl.")] = None,
    kinds: cli_sources.Kinds = None,
    identifiers: cli_sources.Identifiers = None,
    own: cli_sources.Own = None,
    internal: cli_sources.Internal = True,
    meeting: Annotated[str | None, typer.Option("--meeting", help="Date of a meeting, past or to come.")] = None,
    cached: Annotated[bool, typer.Option("--cached", help="Write what is stored; no source is asked.")] = False,
    cluster: cli_run.Cluster = None,
    json_log: cli_run.JsonLog = False,
    metrics: cli_run.Metrics = None,
    home: Home = None,
) -> None:
    """Collect what a company publishes and write a brief in which every line can be checked."""
    if cached:
        cli_run.brief_again(target, out, _formats(formats), home)
        return
    from pipelines.brief import Order, make_brief

    order = Order(
        target=target,
        sources=tuple(sources or ()),
        out=out,
        formats=_formats(formats),
        as_of=iso_date(as_of),
        max_pages=max_pages,
        kinds=cli_sources.kinds_of(kinds),
        identifiers=cli_sources.identifiers_of(identifiers or []),
        own=tuple(own or ()),
        internal=internal,
        meeting=iso_date(meeting),
    )
    with cli_run.run_workspace(home, "brief", cluster=cluster, json_log=json_log, metrics=metrics) as opened:
        _tell_outcome(make_brief(order, opened))


@app.command()
def demo(out: Out = None, home: Home = None) -> None:
    """Serve the sample company on this machine, crawl it, and write its brief."""
    from pipelines.demo_run import SITE, run_demo

    with workspace(home) as opened:
        _tell_outcome(run_demo(opened, out or Path("out") / "sample"))
    printer().note(f"the company is made up, and so is {SITE}: links to it lead nowhere once this command has ended")


def _formats(text: str) -> tuple[str, ...]:
    wanted = tuple(part.strip() for part in text.split(",") if part.strip())
    unknown = [part for part in wanted if part not in ("html", "md", "json")]
    if unknown or not wanted:
        raise UsageError(f"--format {text}: use any of html, md, json, separated by commas")
    return wanted


def _tell_outcome(outcome: Outcome) -> None:
    from research.run.report import render

    out = printer()
    out.note(render(outcome.report))
    made = outcome.brief
    out.note(f"{len(made.documents)} documents, {len(made.findings)} findings, {len(made.skipped)} skipped")
    for path in outcome.paths:
        out.line(str(path))


@app.command()
def verify(brief_json: Annotated[Path, typer.Argument(help="A brief.json.")], home: Home = None) -> None:
    """Check every claim's evidence against the stored captures, offline and without a model."""
    from pipelines.verify import verify_file

    with workspace(home) as opened:
        result = verify_file(brief_json, opened)
    out = printer()
    for problem in result.problems:
        out.line(f"{problem.where}: {problem.kind}: {problem.detail}")
    for words in result.analysts_words:
        out.line(f"analyst's word, not verified: {words}")
    out.note(f"{result.claims} claims and {result.quotes} quotes checked, {len(result.problems)} problems")
    if result.analysts_words:
        out.note(f"{len(result.analysts_words)} more sentences are an analyst's word: no quote shows them")
    if result.problems:
        raise DossierError(f"{brief_json}: {len(result.problems)} checks failed")


@app.command()
def show(
    what: Annotated[str, typer.Argument(help="Id of a finding, id or address of a document, or an account.")],
    home: Home = None,
) -> None:
    """A finding with its evidence in context, or a stored document's text."""
    from pipelines.show import describe

    with workspace(home) as opened:
        printer().line(describe(what, opened))


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="Words to look for.")],
    account: Annotated[str | None, typer.Option("--account", help="One account only.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000)] = 20,
    home: Home = None,
) -> None:
    """Find words in every stored document."""
    from pipelines.show import find

    with workspace(home) as opened:
        found = list(find(query, account, limit, opened))
        for line in found or [f"Nothing stored holds {query!r}."]:
            printer().line(line)


@app.command()
def text(file: Annotated[Path, typer.Argument(help="HTML, PDF, docx, txt or md.")]) -> None:
    """The main text that the extractor keeps of one document, on standard output."""
    from pipelines.single import main_text_of

    printer().line(main_text_of(file, apart=True))


@app.command()
def entities(file: Annotated[str, typer.Argument(help="A document, or - for text on standard input.")]) -> None:
    """The entities of one document as JSON lines."""
    from pipelines.single import entities_of

    for entity in entities_of(file, sys.stdin.buffer, apart=True):
        printer().line(json.dumps(entity, ensure_ascii=False))


@app.command()
def label(
    account: Annotated[str | None, typer.Option("--account", help="Account of rows that name none.")] = None,
) -> None:
    """Label sentences: JSON lines from standard input to standard output, in the same order."""
    from pipelines.label import label_rows

    for row in label_rows(_json_lines(), account):
        printer().line(json.dumps(row, ensure_ascii=False))


@app.command()
def relations() -> None:
    """Classify what one company is to another: JSON lines from standard input to standard output."""
    from pipelines.relations import relate_rows

    for row in relate_rows(_json_lines()):
        printer().line(json.dumps(row, ensure_ascii=False))


def _json_lines() -> Iterator[dict[str, Any]]:
    for number, line in enumerate(sys.stdin, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise UsageError(f"line {number} of standard input is no JSON ({error})") from None
        if not isinstance(row, dict):
            raise UsageError(f"line {number} of standard input is no JSON object")
        yield row


@app.command()
def evaluate(
    data: Annotated[Path, typer.Option("--data", help="Folder of the gold sets.")] = Path("../shared/data"),
    report: Annotated[Path, typer.Option("--report", help="Where the figures go.")] = Path("evaluation.json"),
    only: Annotated[list[str] | None, typer.Option("--only", help="One set, such as tenk; repeatable.")] = None,
) -> None:
    """Score against the gold sets and print the table; fails below a floor."""
    from pipelines.evaluate import evaluate_all, last_figures, render_table
    from pipelines.evaluation_page import render_page

    out = printer()
    with out.progress() as progress:
        result = evaluate_all(data, now(), only=only, progress=progress, last=last_figures(report))
    out.line(render_table(result))
    found = result.as_dict()
    report.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    report.with_suffix(".md").write_text(render_page(found), encoding="utf-8")
    if result.below:
        raise DossierError(f"below the floor: {', '.join(result.below)}")


@app.command()
def train(
    kind: Annotated[str, typer.Argument(help="signals, holders, relations, or (behind them) readers, blends.")],
    data: Annotated[Path, typer.Option("--data", help="Folder of the gold labels.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for the weights (default: corpora/weights).")
    ] = None,
    judgements: Annotated[
        Path | None, typer.Option("--with-judgements", help="What `dossier judgements export` wrote: more rows.")
    ] = None,
) -> None:
    """Train a classifier's weights from gold labels; the same data give the same bytes."""
    if kind in ("readers", "blends"):
        if judgements is not None:
            raise UsageError(f"{kind} are trained without judgements: leave --with-judgements out")
        from pipelines.train_reader import render_readers, train_blends, train_readers

        trained = train_readers(data, out, now()[:10]) if kind == "readers" else train_blends(data, out)
        printer().line(render_readers(trained))
        return
    from pipelines.train import render_training, train_model
    from pipelines.train_judgements import read_judged_rows

    judged = read_judged_rows(judgements) if judgements is not None else None
    printer().line(render_training(train_model(kind, data, out, now()[:10], judged=judged)))


@app.command()
def seller(
    profile: Annotated[
        Path | None, typer.Argument(help="TOML file of our own side; without it, what is stored is shown.")
    ] = None,
    home: Home = None,
) -> None:
    """Load or show our own profile: offerings with the pains they solve, and our rivals."""
    from pipelines.seller import describe_seller, load_profile

    with workspace(home) as opened:
        if profile is not None:
            load_profile(profile, opened)
        printer().line(describe_seller(opened))


def main() -> None:
    """Run the command line; errors are one line on standard error, exit codes are those of the contract."""
    logging.disable(logging.WARNING)  # libraries report what becomes a skip with its reason here
    one_thread_each()
    try:
        interrupted = app(standalone_mode=False) == _INTERRUPTED
    except UsageError as error:
        _fail(str(error), 2)
    except DossierError as error:
        _fail(str(error), 1)
    except typer.TyperException as error:  # wrong arguments
        _fail(error.format_message(), 2)
    if interrupted:
        _fail("stopped: all that was fetched and analysed so far is kept; the same command goes on from there", 1)


_INTERRUPTED: Final = 130  # what typer gives back after Ctrl-C: 128 and the number of the signal


def _fail(message: str, code: int) -> NoReturn:
    printer().note(f"dossier: {message}")
    sys.exit(code)


if __name__ == "__main__":
    main()
