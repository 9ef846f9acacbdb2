"""The `newswire` command. Only what a command needs is imported, when it is called."""

import signal
from importlib import import_module
from typing import Any, Final, NamedTuple

import click


class Entry(NamedTuple):
    """Where a command is, and its line in the help: so that the help imports none of them."""

    place: str
    about: str


COMMANDS: Final = {
    "up": Entry("services.ctl.up:up", "Start NATS, OpenSearch and all services here."),
    "doctor": Entry("services.ctl.doctor:doctor", "Check everything a run needs, and say how to fix what is missing."),
    "provision": Entry("services.ctl.provision:provision", "Make streams, consumers, templates and indices."),
    "publish": Entry("services.ctl.publish:publish", "Publish raw articles from files."),
    "replay": Entry("services.ctl.replay.command:replay", "Publish what archives hold, with its original times."),
    "sources": Entry("services.ctl.sources:sources", "Where news comes from: add, list, show, pause, import, test."),
    "tokens": Entry("services.ctl.tokens:tokens", "Who may publish over HTTP: add, list, revoke."),
    "search": Entry("services.ctl.search:search", "Find articles."),
    "tail": Entry("services.ctl.tail:tail", "The live wire: what is indexed, revised, skipped and dead-lettered."),
    "trace": Entry("services.ctl.trace:trace", "Where an article is, and how it got there."),
    "status": Entry("services.ctl.status:status", "Each stage's lag, each source's balance, dead letters by reason."),
    "dlq": Entry("services.ctl.dlq:dlq", "Dead letters: list, show, replay, drop."),
    "creds": Entry("services.ctl.creds:creds", "How to log in to what `docker compose up` started."),
    "parse": Entry("services.ctl.parse:parse", "Parse one file or page; with --explain, show the evidence."),
    "profile": Entry("services.ctl.profile:profile", "Draft the profile of a publisher from one of its pages."),
    "enrich": Entry("services.ctl.enrich.command:enrich", "Run one step of enrichment again over stored articles."),
    "reparse": Entry("services.ctl.reparse.command:reparse", "What would change if raw messages were parsed again."),
}


class Commands(click.Group):
    """Imports a command when it is called, and ends in a sentence what its servers cause."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the table."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].place.partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List them from the table."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.about) for name, entry in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run it. What a server or the disk causes becomes one sentence and exit 1."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # who reads our output has had enough; click knows what to do
            raise
        except ConnectionError as error:
            raise click.ClickException(f"{error}. Start one with `newswire up`, or see `newswire doctor`") from error
        except Exception as error:
            if said := _sentence(error):
                raise click.ClickException(said) from error
            raise


def _sentence(error: Exception) -> str | None:
    """What an outcome of the bus or of OpenSearch says; None for a bug."""
    from shared.errors import Outcome  # noqa: PLC0415 - only now is there a need for it

    if not isinstance(error, Outcome):
        return None
    advice = "; `newswire doctor` tells more" if error.reason in {"connection_failed", "timeout"} else ""
    return (error.detail or error.reason) + advice


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="newswire", prog_name="newswire")
def cli() -> None:
    """Newswire: raw news in over NATS, searchable and provable articles out of OpenSearch.

    Commands talk to the servers of NEWSWIRE_NATS_URL and NEWSWIRE_OPENSEARCH_URL, else to those of the run in this
    folder (`newswire up`), else to the usual ports of this machine.

    Exit codes: 0 done, 1 it failed and says why, 2 wrong usage.
    """


def main() -> None:
    """The entry point."""
    # A shell that starts a command in the background has it ignore Ctrl-C, and nothing could end `tail` then.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    cli(prog_name="newswire")


if __name__ == "__main__":
    main()
