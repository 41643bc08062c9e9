"""`trident doctor`: what is installed, what is wrong, and what mends it."""

from __future__ import annotations

import typer

from rag.cli.options import JsonOption, StoreOption, settings_from
from rag.cli.output import print_json, stdout


def doctor(store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Check Python, engine, packages, weights, disk and database."""
    from rag.doctor import examine

    findings = examine(settings_from(store))
    if as_json:
        print_json(findings)
    else:
        for finding in findings:
            mark = "[green]ok  [/]" if finding.ok else "[red]FAIL[/]"
            stdout.print(mark, end=" ")
            stdout.print(f"{finding.name}: {finding.detail}", markup=False)
            if not finding.ok:
                stdout.print(f"     {finding.mend}", markup=False)
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)
