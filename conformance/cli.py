"""The command line: runs one command, and says in a sentence what went wrong."""

from __future__ import annotations

import argparse
import contextlib
import gc
import sys
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path

from .arguments import make_parser
from .harness.verdicts.exit_status import Status, worst
from .isolation import isolated
from .output import forgiving_output

# Nothing else of ours is imported before the arguments are read: help and mistakes are answered at once.

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; print a sentence, never a traceback, where something goes wrong.

    The status does not depend on whether anybody reads the output; but where it is lost for want of room, that is an error.
    """
    with forgiving_output() as output:
        status = _run_command(arguments)
        sys.stdout.flush()
        if output.problem:
            print(f"lightfield-contract: the output cannot be written: {output.problem}", file=sys.stderr)
            status = worst(status, Status.ERROR)
    return status


def _run_command(arguments: Sequence[str] | None) -> int:
    try:
        options = make_parser().parse_args(arguments)
        with isolated(), _rarely_collected():
            return _carry_out(options)
    except SystemExit as ended:
        return int(ended.code or 0)
    except KeyboardInterrupt:
        print("lightfield-contract: interrupted", file=sys.stderr)
        return Status.INTERRUPTED
    except Exception as error:
        # A traceback could show more of what was sent than a reader may see, and helps only those who wrote this.
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(place.filename).name}:{place.lineno}"
        print(f"lightfield-contract: an error of ours, at {where}: {type(error).__name__}: {error}", file=sys.stderr)
        return Status.ERROR


@contextlib.contextmanager
def _rarely_collected() -> Iterator[None]:
    """A run keeps what it makes to its end: to look for circles as often as Python does is a twentieth of its work."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _carry_out(options: argparse.Namespace) -> int:
    from ..spec import ContractError
    from ..spec.given import current_folder

    try:
        # Without one, what the commands are made of cannot even be imported.
        current_folder()
        from . import commands

        status: int = getattr(commands, options.command)(options)
    except ContractError as error:
        print(f"lightfield-contract: {error}", file=sys.stderr)
        return Status.UNUSABLE
    return status
