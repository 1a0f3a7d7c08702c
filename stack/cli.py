"""The command line. Every command imports what it needs when it runs: `--help` answers at once, and the image, which
has no local servers in it, can use the commands that need none."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal

import typer

app = typer.Typer(
    name="guanwei",
    help="Guanwei governs a group's matrix of WeChat official accounts and gives their followers a place to talk.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
streams_app = typer.Typer(
    short_help="Streams and consumers on NATS.", help="Streams and consumers on NATS, as deploy/nats/streams.toml says."
)
letters_app = typer.Typer(help="Events that could not be handled.")
app.add_typer(streams_app, name="streams", no_args_is_help=True)
app.add_typer(letters_app, name="dead-letters", no_args_is_help=True)
audit_app = typer.Typer(short_help="The audit chain of reviews.", help="The chain of every act on a case, in review.")
app.add_typer(audit_app, name="audit", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Service = Annotated[str, typer.Argument(help="registry, review, publisher or micro_community.")]
LetterId = Annotated[str, typer.Argument(help="As `list` shows it.")]


@app.command(short_help="Start the whole system as local processes.")
def up(
    ephemeral: Annotated[bool, typer.Option("--ephemeral", help="Free ports; data is removed at the end.")] = False,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port of the edge (else 8600).")] = None,
    workers_apart: Annotated[bool, typer.Option("--workers-apart", help="http and worker as two processes.")] = False,
    empty: Annotated[bool, typer.Option("--empty", help="Do not make the example matrix on the first start.")] = False,
    only: Annotated[list[str] | None, typer.Option(metavar="PART", help="Start this part and what it needs.")] = None,
) -> None:
    """Start the whole system as local processes and keep it running until Ctrl-C.

    GUANWEI_MONGODB_URL and GUANWEI_NATS_URL name servers to use instead of own ones, OTEL_EXPORTER_OTLP_ENDPOINT
    another receiver for traces. Where everything is: .guanwei/stack.json.
    """
    from stack.options import Options
    from stack.up import up as run

    options = Options(ephemeral, port, workers_apart, tuple(only or ()), environment=dict(os.environ))
    raise typer.Exit(run(options, empty=empty or bool(only)))


@app.command(short_help="Run the main job and say what each step proved.")
def demo(
    json_file: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write steps and trace.")] = None,
) -> None:
    """Run the main job once, step by step, on the running stack (or on one of its own) and say what each proved."""
    from stack.demo import run

    raise typer.Exit(run(json_file))


@app.command(
    short_help="Run all tests, or some.", context_settings={"allow_extra_args": True, "ignore_unknown_options": True}
)
def test(context: typer.Context) -> None:
    """Run all tests, or those under the given PATHs. Arguments after -- go to pytest."""
    from stack.testing import run

    raise typer.Exit(run(context.args))


@app.command(short_help="Measure speed, each figure beside its limit.")
def bench(
    names: Annotated[list[str] | None, typer.Argument(metavar="NAME", help="community, or one of its parts.")] = None,
    short: Annotated[
        bool, typer.Option("--short", help="Small and quick; nothing that depends on speed is judged.")
    ] = False,
    json_file: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write all figures.")] = None,
) -> None:
    """Measure speed on a stack of its own, each figure beside a limit measured in the same run.

    Ends with 1 when a figure misses its bar. Parts: community.reading, community.live, community.replies,
    community.search, community.page.
    """
    from stack.benching import run

    options = [*(["--short"] if short else []), *(["--json", str(json_file.absolute())] if json_file else [])]
    raise typer.Exit(run([*(names or []), *options]))


@app.command(short_help="Lint, types, import contracts, generated files.")
def check(
    what: Annotated[Literal["all", "deploy"], typer.Argument(help="deploy: only what lies in deploy/.")] = "all",
) -> None:
    """Lint, types, import contracts, generated files: everything that needs no server."""
    from stack.checks import run

    raise typer.Exit(run(what))


@app.command(short_help="Kill parts under load, then check that nothing was lost or done twice.")
def chaos(
    name: Annotated[str | None, typer.Argument(help="Which job: community; else each in turn.")] = None,
    minutes: Annotated[float, typer.Option(min=0.05, help="How long there are load and faults.")] = 5.0,
    seed: Annotated[int | None, typer.Option(help="Repeat the faults of an earlier run; else any.")] = None,
    writes: Annotated[int | None, typer.Option(min=1, help="Stop earlier, after so many acknowledged writes.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write the figures.")] = None,
) -> None:
    """Run a stack of its own under load, kill its parts with -9 in turn, let it come to rest, and recount."""
    from stack.chaos import run
    from stack.chaos.running import JOBS
    from stack.chaos.setting import Setting, any_seed

    if name is not None and name not in JOBS:
        raise typer.BadParameter(f"there are {', '.join(JOBS)}", param_hint="NAME")
    chosen = any_seed() if seed is None else seed
    raise typer.Exit(run(name, Setting(minutes=minutes, writes=writes, seed=chosen), json_file))


@app.command(short_help="Run one service (what the image runs).")
def serve(
    service: Service,
    role: Annotated[Literal["http", "worker", "all"], typer.Option(help="Which half of the service.")] = "all",
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
) -> None:
    """Run one service in this process, configured by GUANWEI_… in the environment."""
    from stack.serving import run

    run(service, role, host, port)


@app.command(short_help="Make missing collections and indexes.")
def migrate(service: Annotated[str | None, typer.Argument(help="Only this service.")] = None) -> None:
    """Make the collections and indexes that are missing."""
    from stack.operations.migrate import run

    raise typer.Exit(run(service))


@streams_app.command("apply")
def streams_apply(
    replicas: Annotated[int | None, typer.Option(min=1, max=5, help="Servers that keep each stream.")] = None,
) -> None:
    """Make the server match the file. Nothing that exists is deleted."""
    from stack.operations.streams import apply

    raise typer.Exit(apply(replicas))


@streams_app.command("check")
def streams_check(
    replicas: Annotated[int | None, typer.Option(min=1, max=5, help="Servers that keep each stream.")] = None,
    json_output: Json = False,
) -> None:
    """Say how the server differs from the file; exit code 1 if it does."""
    from stack.operations.streams import check

    raise typer.Exit(check(replicas, json_output))


@letters_app.command("list")
def letters_list(
    service: Annotated[str | None, typer.Option(help="Only this service's.")] = None,
    state: Annotated[str | None, typer.Option(help="new, replay_requested, replayed, dropped; else the open.")] = None,
    json_output: Json = False,
) -> None:
    """The oldest first."""
    from stack.operations.letters import listing

    raise typer.Exit(listing(service, state, json_output))


@letters_app.command("show")
def letters_show(service: Service, letter_id: LetterId) -> None:
    """All that is known of one, as JSON."""
    from stack.operations.letters import show

    raise typer.Exit(show(service, letter_id))


@letters_app.command("replay")
def letters_replay(service: Service, letter_id: LetterId) -> None:
    """Ask the service's worker to handle it again."""
    from stack.operations.letters import replay

    raise typer.Exit(replay(service, letter_id))


@letters_app.command("drop")
def letters_drop(
    service: Service,
    letter_id: LetterId,
    why: Annotated[str, typer.Option(help="Kept with the letter.")],
) -> None:
    """Give it up: what follows in its aggregate may pass."""
    from stack.operations.letters import drop

    raise typer.Exit(drop(service, letter_id, why))


@audit_app.command("list")
def audit_list(
    unit: Annotated[str, typer.Option(metavar="PATH", help="Only about units at this path and below it.")] = "/",
    case_id: Annotated[str | None, typer.Option("--case", metavar="ID", help="Only about this case.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many entries.")] = 50,
    json_output: Json = False,
) -> None:
    """The newest first."""
    from stack.operations.audit import listing

    raise typer.Exit(listing(unit, case_id, limit, json_output))


@audit_app.command("verify")
def audit_verify(json_output: Json = False) -> None:
    """Recompute the chain and say where it breaks first; exit code 1 if it does."""
    from stack.operations.audit import verify

    raise typer.Exit(verify(json_output))


def main() -> None:
    app(prog_name="guanwei")


if __name__ == "__main__":
    main()
