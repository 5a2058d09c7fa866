"""Documents say what the code says: settings, glossary, links, make targets."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from city_core.cases.workflow import Action, State
from city_core.people.roles import Role
from city_core.settings import Settings
from tests.conftest import REPOSITORY, TOKEN_KEY

DOCUMENTS = [
    *REPOSITORY.glob("*.md"),
    *(REPOSITORY / "backend").rglob("*.md"),
    *(REPOSITORY / "mobile_contracts").rglob("*.md"),
]


def documented_settings() -> dict[str, str]:
    lines = (REPOSITORY / ".env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_every_setting_is_documented_with_its_default() -> None:
    documented = documented_settings()
    defaults = Settings(token_private_key=TOKEN_KEY)  # type: ignore[arg-type]
    for name in Settings.model_fields:
        assert name.upper() in documented, f"{name.upper()} is missing in .env.example"
        if name != "token_private_key":
            value = getattr(defaults, name)
            shown = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
            assert documented[name.upper()] == shown


def test_no_setting_is_documented_that_nothing_reads() -> None:
    demo = "\n".join(path.read_text() for path in (REPOSITORY / "seed" / "city_demo").rglob("*.py"))
    known = {name.upper() for name in Settings.model_fields}
    unread = {name for name in documented_settings() if name not in known and name not in demo}
    assert unread == set()


@pytest.mark.parametrize("word", [*State, *Action, *Role], ids=str)
def test_the_glossary_knows_every_word(word: str) -> None:
    assert f"`{word}`" in (REPOSITORY / "backend" / "GLOSSARY.md").read_text()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text()):
        assert (document.parent / target).exists(), f"{document.name} links to {target}"


def test_documented_make_targets_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text(), re.MULTILINE))
    for document in DOCUMENTS:
        used = set(re.findall(r"`make ([a-z-]+)", document.read_text()))
        assert used <= targets, document.name


def test_the_architecture_names_every_folder() -> None:
    text = (REPOSITORY / "ARCHITECTURE.md").read_text()
    features = [path.name for path in (REPOSITORY / "backend" / "city_core").iterdir() if path.is_dir()]
    for name in features:
        if name != "__pycache__":
            assert f"backend/city_core/{name}/" in text
    for name in ("backend", "graphql", "workers", "seed", "mobile_contracts", "tests"):
        assert f"`{name}/" in text


def test_decisions_are_pages_numbered_in_order() -> None:
    pages = sorted((REPOSITORY / "backend" / "decisions").glob("*.md"))
    assert [page.name[:4] for page in pages] == [f"{number:04d}" for number in range(1, len(pages) + 1)]
    for page in pages:
        title = page.read_text().splitlines()[0]
        slug = re.sub(r"[^a-z0-9]+", "-", title.removeprefix("# ").lower()).strip("-")
        assert page.stem == slug, f"{page.name} should be {slug}.md"


def test_the_changelog_has_something_unreleased() -> None:
    assert re.search(r"## Unreleased\n\n- ", (REPOSITORY / "CHANGELOG.md").read_text())
