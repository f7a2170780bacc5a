"""The forms of report: each module of the package is one, and what it renders is what is written."""

from __future__ import annotations

import pkgutil
from pathlib import Path

import pytest

from lightfield_contract.reports import FORMS, Result, formats, write_reports
from lightfield_contract.reports.format import Format


def test_every_module_registers_its_form() -> None:
    """A form is there because its module is: no list has to be kept."""
    modules = [info.name for info in pkgutil.iter_modules(formats.__path__)]
    assert len(formats.FORMATS) == len(modules)
    assert list(FORMS) == sorted(FORMS)


def test_no_two_forms_share_a_name_or_a_file() -> None:
    """All of them can be written into one folder."""
    assert [(name, form.name) for name, form in formats.FORMATS.items() if name != form.name] == []
    assert len(set(FORMS.values())) == len(FORMS)


@pytest.mark.parametrize("form", formats.FORMATS.values(), ids=lambda form: form.name)
def test_the_file_is_the_text(form: Format, violating: Result, tmp_path: Path) -> None:
    """Writing adds nothing, and makes the folder."""
    (path,) = write_reports(violating, (form.name,), tmp_path / "reports")
    assert path == tmp_path / "reports" / form.file
    assert path.read_text("utf-8") == form.render(violating)
