"""`newswire sources`: where news comes from."""

import asyncio
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click
import orjson

from services.ctl import sourcehealth, sourcelists
from services.ctl.output import emit, joined, plain
from services.ctl.settings import load
from services.ctl.sourcebook import Row, open_book
from services.ctl.sourcehealth import Fare
from services.ctl.sourcelists import Listed
from services.ctl.sourcetext import described, offer_line, row_line, summary
from shared.contracts import Feed, Source
from shared.settings import Settings
from shared.subjects import token
from shared.url import web_url

STARTER: Final = Path(__file__).with_name("starter.yaml")


@click.group(invoke_without_command=True)
@click.option("--health", is_flag=True, help="How each source fares: silence, drift, what fails.")
@click.option("--json", "as_json", is_flag=True, help="With --health: one JSON object a line.")
@click.pass_context
def sources(context: click.Context, *, health: bool, as_json: bool) -> None:
    """Where news comes from: publishers' feeds, news sitemaps and pages, looked at when something new is expected."""
    if (health or as_json) and context.invoked_subcommand:
        raise click.UsageError(f"--health goes without a command; {context.invoked_subcommand} has options of its own")
    if health:
        _show_health(as_json=as_json)
    elif not context.invoked_subcommand:
        raise click.exceptions.NoArgsIsHelpError(context)


def _show_health(*, as_json: bool) -> None:
    """Say of each source what fetch and the keeper know."""
    found, now = asyncio.run(_fares()), datetime.now(UTC)
    if not as_json:
        click.echo(sourcehealth.text(found, now))
        return
    for fare in found:
        emit(sourcehealth.as_object(fare, now))


async def _fares() -> list[Fare]:
    async with open_book(load(Settings)) as book:
        return sourcehealth.fares(await book.rows(), await book.healths())


@sources.command()
@click.argument("url")
@click.option("--id", "name", help="Its id, which its subject ends in; by its host if not given.")
@click.option("--feed", "only", multiple=True, help="Take this address of what was found; may be said several times.")
@click.option("--paused", is_flag=True, help="Do not look at it yet.")
@click.option("--render", is_flag=True, help="Load its articles' pages in a browser: their text comes by script.")
@click.option("--yes", is_flag=True, help="Do not ask: take what is marked.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line; implies --yes.")
def add(url: str, name: str | None, only: tuple[str, ...], *, yes: bool, as_json: bool, **marks: bool) -> None:
    """Find out what the site at URL offers, show it with samples, and add the choice."""
    offers = _discovered(url)
    chosen = _chosen(offers, only)
    for offer in offers:
        if as_json:
            emit({**offer, "chosen": offer in chosen})
        else:
            click.echo(offer_line(offer, chosen=offer in chosen))
    if not chosen:
        raise click.ClickException(f"nothing at {url} lists articles; name a feed's address if you know one")
    if not (yes or as_json or only):
        click.confirm(f"add what is marked ({len(chosen)} of {len(offers)})?", default=True, abort=True)
    source = asyncio.run(_add(_source_of(url, name, chosen).model_copy(update=marks), by_host=name is None))
    if as_json:
        emit({"added": source.model_dump(mode="json")})
    else:
        click.echo(f"added {source.id}; its articles are published on news.raw.{source.id}")


def _discovered(url: str) -> list[dict[str, Any]]:
    """What the guarded client finds there: a process of its own, as commands know nothing of services."""
    if web_url(url) is None:
        raise click.UsageError(f"{url[:200]!r} is not an address that begins with http:// or https://")
    found = _asked(["discover", "--", url])
    if problem := next((each for each in found if "problem" in each), None):
        detail = plain(str(problem.get("detail", "")), 300)
        where = "" if url in detail else f"{url}: "
        raise click.ClickException(f"{where}{plain(str(problem['problem']))}: {detail}")
    return found


def _asked(arguments: list[str], stdin: bytes = b"") -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "services.fetch.once", *arguments]
    done = subprocess.run(command, input=stdin, stdout=subprocess.PIPE, check=False)  # noqa: S603 - our own module
    if done.returncode and not done.stdout:
        sys.exit(done.returncode)
    return [orjson.loads(line) for line in done.stdout.splitlines()]


def _chosen(offers: Sequence[dict[str, Any]], only: Sequence[str]) -> list[dict[str, Any]]:
    if missing := set(only) - {offer["url"] for offer in offers}:
        raise click.ClickException(f"not among what was found: {', '.join(sorted(missing))}")
    return [offer for offer in offers if (offer["url"] in only if only else offer["chosen"])]


def _source_of(url: str, name: str | None, chosen: Sequence[dict[str, Any]]) -> Source:
    return Source(
        id=token(name) if name else sourcelists.id_of(url),
        name=next((plain(each["title"]) for each in chosen if each["title"]), ""),
        feeds=tuple(Feed(url=each["url"], kind=each["kind"]) for each in chosen),
        language=next((each["language"] for each in chosen if each["language"]), None),
    )


async def _add(source: Source, *, by_host: bool) -> Source:
    async with open_book(load(Settings)) as book:
        known = await book.rows()
        if clash := _same_feed(source, known):
            raise click.ClickException(
                f"{clash.source.id} has this address already; `newswire sources show {clash.source.id}`"
            )
        if source.id in {row.source.id for row in known}:
            if not by_host:
                raise click.ClickException(f"there is a source {source.id} already; choose another --id")
            taken = [row.source.id for row in known]
            source = source.model_copy(update={"id": sourcelists.id_of(f"https://{source.id}", taken)})
        await book.save(source)
    return source


def _same_feed(source: Source, known: Sequence[Row]) -> Row | None:
    wanted = {feed.url for feed in source.feeds}
    return next((row for row in known if wanted & {feed.url for feed in row.source.feeds}), None)


@sources.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_(*, as_json: bool) -> None:
    """List the sources: when each is due, its rhythm, its troubles."""
    rows = asyncio.run(_rows())
    for row in rows:
        if as_json:
            state = row.state.model_dump(mode="json") if row.state else None
            emit({"source": row.source.model_dump(mode="json"), "state": state})
        else:
            click.echo(row_line(row))
    if not as_json:
        click.echo(summary(rows))


async def _rows() -> list[Row]:
    async with open_book(load(Settings)) as book:
        return await book.rows()


@sources.command()
@click.argument("name", metavar="ID")
def show(name: str) -> None:
    """Show source ID: its feeds, what each said last, when it is looked at next."""
    click.echo(described(asyncio.run(_one(name))))


async def _one(name: str) -> Row:
    async with open_book(load(Settings)) as book:
        return await book.row(name)


@sources.command()
@click.argument("names", metavar="ID...", nargs=-1, required=True)
@click.option("--resume", is_flag=True, help="Look at them again.")
def pause(names: tuple[str, ...], *, resume: bool) -> None:
    """Do not look at sources for now; what is known of them stays."""
    asyncio.run(_pause(names, paused=not resume))
    click.echo(f"{len(names)} {'resumed' if resume else 'paused'}")


async def _pause(names: Sequence[str], *, paused: bool) -> None:
    async with open_book(load(Settings)) as book:
        for row in [await book.row(name) for name in names]:
            await book.save(row.source.model_copy(update={"paused": paused}), row.revision)


@sources.command()
@click.argument("names", metavar="ID...", nargs=-1, required=True)
@click.option("--yes", is_flag=True, help="Do not ask.")
def remove(names: tuple[str, ...], *, yes: bool) -> None:
    """Forget sources and what is known of them; their articles stay."""
    if not yes:
        click.confirm(f"forget {joined(names)}?", abort=True)
    asyncio.run(_remove(names))
    click.echo(f"{len(names)} removed")


async def _remove(names: Sequence[str]) -> None:
    async with open_book(load(Settings)) as book:
        for row in [await book.row(name) for name in names]:
            await book.remove(row.source.id)


@sources.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--starter", is_flag=True, help="The list that comes with Newswire: public feeds in several languages.")
@click.option("--paused", is_flag=True, help="Do not look at them yet.")
def import_(file: Path | None, *, starter: bool, paused: bool) -> None:
    """Add the sources of FILE: OPML, or YAML as `export` writes it. Sources of the same id are replaced."""
    if (file is None) != starter:
        raise click.UsageError("name a FILE, or say --starter")
    listed = _listed(file or STARTER)  # before NATS is asked for: a list that cannot be read needs none
    added, replaced = asyncio.run(_import(listed, paused=paused))
    click.echo(f"{added} added, {replaced} replaced")


def _listed(file: Path) -> Listed:
    try:
        return sourcelists.read(file)
    except (sourcelists.ListError, OSError) as error:
        raise click.ClickException(f"{file}: {error}") from error


async def _import(listed: Listed, *, paused: bool) -> tuple[int, int]:
    async with open_book(load(Settings)) as book:
        known = {row.source.id: row for row in await book.rows()}
        found = sourcelists.apart(listed, {name: row.source for name, row in known.items()})
        if paused:
            found = [each.model_copy(update={"paused": True}) for each in found]
        await book.save_all(found, {name: row.revision for name, row in known.items()})
    replaced = sum(each.id in known for each in found)
    return len(found) - replaced, replaced


@sources.command()
@click.option("--opml", is_flag=True, help="For feed readers; YAML otherwise.")
def export(*, opml: bool) -> None:
    """Write all sources as YAML, or OPML."""
    found = [row.source for row in asyncio.run(_rows())]
    click.echo(sourcelists.write_opml(found) if opml else sourcelists.write_yaml(found), nl=False)


@sources.command()
@click.argument("url_or_id")
@click.option("--pages", default=3, show_default=True, help="Pages of articles to fetch at most.")
def test(url_or_id: str, pages: int) -> None:
    """Look at a source, or a feed's URL, once, and print each decision as JSON. Nothing is published or remembered."""
    source = _given(url_or_id)
    command = [sys.executable, "-m", "services.fetch.once", "test", f"--pages={pages}"]
    done = subprocess.run(command, input=source.model_dump_json().encode(), check=False)  # noqa: S603 - our own module
    sys.exit(done.returncode)


def _given(url_or_id: str) -> Source:
    url = web_url(url_or_id)
    if url is None:
        return asyncio.run(_one(url_or_id)).source
    return Source(id=sourcelists.id_of(url), feeds=(Feed(url=url, kind="sitemap" if "sitemap" in url else "feed"),))
