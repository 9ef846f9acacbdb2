"""`newswire up`: the embedded run in one terminal."""

import asyncio
import sys
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TransferSpeedColumn

from deploy.local import jars
from deploy.local.errors import LocalError
from deploy.local.home import home
from deploy.local.run import Ports, Run, embedded_run
from deploy.local.supervisor import Say
from services.ctl.demo import NEXT, play, table
from services.ctl.samples import samples
from shared.errors import Poison, Transient
from shared.settings import Settings

PORTS = Ports()
INTERRUPTED = 130
"""As shells say it: 128 + SIGINT."""


@click.command()
@click.option("--demo", is_flag=True, help="Publish the sample articles and show what became of each.")
@click.option("--render", is_flag=True, help="Also a browser, for sources whose pages are to be rendered.")
@click.option("--once", is_flag=True, help="Stop when all is up and the demo is done; exit 0 if all was as expected.")
@click.option("--nats-port", default=PORTS.nats, show_default=True)
@click.option("--nats-monitor-port", default=PORTS.nats_monitor, show_default=True)
@click.option("--opensearch-port", type=click.IntRange(1024, 9299), default=PORTS.opensearch, show_default=True)
@click.option("--intake-port", default=PORTS.intake, show_default=True)
def up(*, demo: bool, render: bool, once: bool, **chosen: int) -> None:
    """Start NATS, OpenSearch and all services here, and keep them running until Ctrl-C. Data stays in .newswire/."""
    console = Console()
    say = partial(console.print, markup=False, highlight=False, soft_wrap=True)
    where = Ports(**{name.removesuffix("_port"): port for name, port in chosen.items()})
    try:
        with _downloads(console) as downloads, embedded_run(home(), where, say, downloads, render=render) as run:
            well = _show(run, console) if demo else True
            if not once:
                _stay(run, say)
    except LocalError as error:
        raise click.ClickException(str(error)) from error
    except KeyboardInterrupt:
        console.print("stopped")
        sys.exit(INTERRUPTED)
    sys.exit(0 if well else 1)


def _show(run: Run, console: Console) -> bool:
    """Publish the samples while all is kept running, print the table; whether all ended as expected."""
    state = run.state
    console.print("publishing the samples")
    pool = ThreadPoolExecutor(1)
    try:
        settings = Settings(nats_url=state.nats_url, opensearch_url=state.opensearch_url)
        done = pool.submit(lambda: asyncio.run(play(samples(), settings)))
        run.tend(done.done)
        rows = done.result()
    except (ConnectionError, Transient, Poison) as error:
        raise LocalError(f"the samples could not be published: {error}") from error
    finally:
        pool.shutdown(wait=False)  # on Ctrl-C the servers stop first; without them it ends soon
    console.print(table(rows))
    return all(row.expected for row in rows)


def _stay(run: Run, say: Say) -> None:
    state = run.state
    servers = f"{state.nats_url}, {state.opensearch_url}, {state.intake_url}"
    say(f"up: {servers}; logs in {state.logs}. Ctrl-C stops everything.")
    say("try in another terminal:")
    for line in NEXT:
        say(f"  {line.format(opensearch=state.opensearch_url)}")
    try:
        run.tend(lambda: False)
    except KeyboardInterrupt:
        say("stopping")


@contextmanager
def _downloads(console: Console) -> Generator[jars.Progress, None, None]:
    """A progress bar for the jars, which appears with the first that is downloaded."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with ExitStack() as open_bars:
        bars: list[Progress] = []

        def show(there: int, wanted: int, size: int, total: int) -> None:
            if not bars:
                bars.append(open_bars.enter_context(Progress(*columns, console=console)))
                bars[0].add_task("OpenSearch's jars", total=total)
            bars[0].update(TaskID(0), completed=size, description=f"OpenSearch's jars, {there} of {wanted}")
            if size == total:
                open_bars.close()

        yield show
