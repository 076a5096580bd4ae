"""`python -m local_sheets --data FILE --port N --token TOKEN`."""

import argparse
import os
import secrets
import sys
from collections.abc import Iterable
from pathlib import Path

from local_sheets.drills import NAMES
from local_sheets.errors import InUse, StoreError
from local_sheets.web.faults import Faults
from local_sheets.web.quotas import GOOGLES
from local_sheets.web.server import Options, serve

_CANNOT, _IN_USE = 1, 3


def parser() -> argparse.ArgumentParser:
    """Return the command line's parser."""
    cli = argparse.ArgumentParser(prog="python -m local_sheets", description=__doc__)
    cli.add_argument("--data", type=Path, required=True, help="the SQLite file; made if need be")
    cli.add_argument("--port", type=int, default=0, help="0 takes any free port")
    cli.add_argument("--host", default="127.0.0.1", help="the address to listen at")
    cli.add_argument("--allow-host", action="append", default=[], help="another name it is called by")
    cli.add_argument("--token", help="the owner's token (or LOCAL_SHEETS_TOKEN); a random one by default")
    cli.add_argument(
        "--person", action="append", default=[], metavar="EMAIL=TOKEN", help="somebody else and their token"
    )
    cli.add_argument("--people", type=Path, help="a file with an EMAIL=TOKEN on each line")
    cli.add_argument("--idle-exit", type=float, default=0, help="end after so many idle seconds")
    cli.add_argument("--forbid", action="append", default=[], help="a spreadsheet id answered 403")
    drills = cli.add_argument_group("faults on demand")
    drills.add_argument("--latency-ms", type=float, default=0, help="wait before each answer")
    drills.add_argument("--jitter-ms", type=float, default=0, help="wait up to so much longer, by chance")
    drills.add_argument("--quota", choices=["google"], help="Google's: 60 and 60 a minute, 300 for all")
    drills.add_argument("--quota-reads", type=int, help="each person's reads a minute, then 429")
    drills.add_argument("--quota-writes", type=int, help="each person's writes a minute, then 429")
    drills.add_argument("--quota-project", type=int, help="reads, and writes, of all a minute, then 429")
    drills.add_argument("--fail-before", type=float, default=0, help="share of 503 before the commit")
    drills.add_argument("--fail-after", type=float, default=0, help="share of 503 after the commit")
    drills.add_argument("--cut-after", type=float, default=0, help="share of cut connections after it")
    drills.add_argument(
        "--without",
        action="append",
        default=[],
        choices=NAMES,
        metavar="PROMISE",
        help=f"break a promise of Google's, as often as given: {', '.join(NAMES)}",
    )
    drills.add_argument("--seed", type=int, help="makes the shares repeatable")
    return cli


def read_people(given: Iterable[str], file: Path | None) -> dict[str, str]:
    """Return the tokens of people by their email address, from the command line and from a file.

    Blank lines of the file, and those that start with #, are skipped.

    Raises:
        ValueError: A line is no EMAIL=TOKEN, or two people have one token.

    >>> read_people(["ada@example.com=s3cret"], None)
    {'ada@example.com': 's3cret'}
    """
    lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()] if file else []
    people = {}
    for line in [*given, *(line for line in lines if line and not line.startswith("#"))]:
        email, _, token = (part.strip() for part in line.partition("="))
        if "@" not in email or not token:
            raise ValueError(f"A person is written EMAIL=TOKEN (ada@example.com=s3cret); not {email!r}.")
        people[email] = token
    if len(set(people.values())) < len(people):
        raise ValueError("Two people have the same token; each needs one of their own.")
    return people


def quotas(given: argparse.Namespace) -> dict[str, int]:
    """Return the quotas that were asked for: each by itself, else Google's, else none."""
    usual = GOOGLES if given.quota else dict.fromkeys(GOOGLES, 0)
    return {
        name: most if getattr(given, name) is None else getattr(given, name) for name, most in usual.items()
    }


def main(arguments: list[str] | None = None) -> int:
    """Run the server; return its exit status (1: the file or port cannot be used, 3: in use)."""
    cli = parser()
    given = cli.parse_args(arguments)
    try:
        people = read_people(given.person, given.people)
    except (OSError, ValueError) as error:
        cli.error(str(error))
    options = Options(
        data=given.data,
        port=given.port,
        token=given.token or os.environ.get("LOCAL_SHEETS_TOKEN") or secrets.token_urlsafe(24),
        people=people,
        host=given.host,
        idle_exit=given.idle_exit,
        forbidden=tuple(given.forbid),
        allowed_hosts=tuple(given.allow_host),
        without=tuple(given.without),
        faults=Faults(
            latency_ms=given.latency_ms,
            jitter_ms=given.jitter_ms,
            **quotas(given),
            fail_before=given.fail_before,
            fail_after=given.fail_after,
            cut_after=given.cut_after,
            seed=given.seed,
        ),
    )
    try:
        serve(options)
    except InUse as error:
        print(error, file=sys.stderr)  # noqa: T201
        return _IN_USE
    except StoreError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return _CANNOT
    except OSError as error:
        print(f"The server cannot listen at port {given.port}: {error.strerror}.", file=sys.stderr)  # noqa: T201
        return _CANNOT
    return 0


if __name__ == "__main__":
    sys.exit(main())
