"""audit verify, export, anchor: the trail, checked live or offline, and signed heads for outside parties."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from registry.access.permissions import Permission, may
from registry.access.subject import Subject
from registry.cli.acting import acting
from registry.cli.console import out, say_error
from registry.cli.files import REFUSED, check_writable, why_unreadable, write_whole
from registry.errors import NotAllowedError

if TYPE_CHECKING:
    from registry.audit_chain import Anchor

audit = typer.Typer(no_args_is_help=True, help="The trail of every change.")


def register(app: typer.Typer) -> None:
    """Add the commands to the console command."""
    audit.command("verify")(verify)
    audit.command("export")(export)
    audit.command("anchor")(anchor)
    app.add_typer(audit, name="audit")


def _reader(context: typer.Context) -> Subject:
    """Return who acts, refused unless they see the whole trail: of a part, nothing here would be true."""
    subject = acting(context)
    if not may(subject, Permission.READ_TRAIL):
        raise NotAllowedError(
            f"{context.find_root().obj} sees only a part of the trail, which cannot be checked, exported or signed.",
            "Name an auditor with --as, or leave --as out to act as this machine's operator.",
        )
    return subject


def verify(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="An exported trail; without it the live one.")] = None,
    anchors: Annotated[Path | None, typer.Option("--anchors", help="Signed heads kept outside, one a line.")] = None,
    public_key: Annotated[
        list[Path] | None,
        typer.Option("--public-key", help="The platform's key (PEM, or as in an anchor); repeatable."),
    ] = None,
) -> None:
    """Check chain and signatures of anchors, and say where they break; exits 1 when they do."""
    from registry.audit_chain import verify_chain
    from registry.services.auditing import fault_of_anchor, kept_anchors

    given = _read_anchors(anchors) if anchors else []
    pinned = _read_keys(public_key or [])
    if file is not None:
        known = given
        holding = [anchor for anchor in known if fault_of_anchor(anchor, pinned) is None]
        try:
            with file.open(encoding="utf-8") as lines:
                report = verify_chain(lines, holding)
        except (OSError, UnicodeDecodeError) as error:
            say_error(f"{file} cannot be read as an exported trail. Write one with: gmphub audit export FILE")
            raise typer.Exit(REFUSED) from error
    else:
        from registry.database import unit_of_work
        from registry.services.auditing import export_trail

        with unit_of_work(_reader(context)) as session:
            known = [*kept_anchors(session), *given]
            holding = [anchor for anchor in known if fault_of_anchor(anchor, pinned) is None]
            report = verify_chain(export_trail(session), holding)
    out.print(f"{report.events} events, head {report.head}", markup=False, soft_wrap=True)
    out.print(
        f"Anchors hold up to event {report.anchored_up_to}; what is newer could be cut off unnoticed.", markup=False
    )
    if known and not pinned:
        out.print(
            "Signatures were checked with the keys the anchors name themselves; give the platform's with --public-key.",
            markup=False,
        )
    for found in report.breaks:
        say_error(f"Broken at event {found.sequence}: {found.text}")
    faults = [(anchor, fault_of_anchor(anchor, pinned)) for anchor in known]
    forged = [f"The anchor of event {anchor.sequence} {fault}." for anchor, fault in faults if fault is not None]
    for line in forged:
        say_error(line)
    raise typer.Exit(1 if report.breaks or forged else 0)


def _read_anchors(path: Path) -> "list[Anchor]":
    from registry.audit_chain import read_anchors

    try:
        return read_anchors(path.read_text(encoding="utf-8").splitlines())
    except OSError as error:
        say_error(why_unreadable(path, error))
        raise typer.Exit(REFUSED) from error
    except ValueError as error:
        what = "it is not text" if isinstance(error, UnicodeDecodeError) else str(error)
        say_error(f"{path} cannot be read as anchors: {what}. A line is what gmphub audit anchor printed.")
        raise typer.Exit(REFUSED) from error


def _read_keys(paths: list[Path]) -> list[str]:
    from registry.services.auditing import read_public_key

    try:
        return [read_public_key(path) for path in paths]
    except ValueError as error:
        say_error(f"{error}. Name a PEM file, or one with the public_key of an anchor you were given.")
        raise typer.Exit(REFUSED) from error


def export(context: typer.Context, file: Annotated[Path, typer.Argument(help="Where the trail is written.")]) -> None:
    """Write the whole trail to a file that can be checked offline."""
    from registry.database import unit_of_work
    from registry.services.auditing import export_trail

    check_writable(file)
    with unit_of_work(_reader(context), action="export trail") as session:
        lines = list(export_trail(session))
    write_whole(file, "".join(lines).encode())
    out.print(f"{len(lines)} events written to {file}.", markup=False)


def anchor(
    context: typer.Context,
    file: Annotated[Path | None, typer.Option("--out", help="Append the signed head to this file.")] = None,
    key: Annotated[Path | None, typer.Option("--key", help="Ed25519 key (PEM); made on first use.")] = None,
) -> None:
    """Sign the head of the chain; give the printed line to two parties outside the operator's control."""
    from registry.database import unit_of_work
    from registry.services.auditing import anchor_trail, read_or_make_key
    from registry.settings import Settings, home_folder

    with unit_of_work(_reader(context), action="anchor trail") as session:
        head = anchor_trail(session, read_or_make_key(key or home_folder(Settings()) / "anchor-key.pem"))
    if file is not None:
        before = file.read_bytes() if file.exists() else b""
        write_whole(file, before + f"{head.line()}\n".encode())
    typer.echo(head.line())
