#!/usr/bin/env bash
# Guess: Typer is built on Click, so errors of usage are click.ClickException, and catching that class catches them.
# Seen:  Typer carries a copy of Click of its own (typer._click). Its errors are classes of the copy: `except
#        click.ClickException` catches none of them, and says nothing, even where click is installed as well.
# Package: typer 0.29.2, click 8.5.1. Date: 2026-11-30.
# AMTS therefore takes the class from typer.BadParameter, whose base it is, in either version.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q typer==0.29.2 click==8.5.1
"$folder/venv/bin/python" - <<'PYTHON'
import click
import typer

base = typer.BadParameter.__bases__[0]
print("the base of typer.BadParameter:", f"{base.__module__}.{base.__name__}")
print("is a click.ClickException:", issubclass(base, click.ClickException))
assert not issubclass(base, click.ClickException), "Typer behaves differently now"
PYTHON
