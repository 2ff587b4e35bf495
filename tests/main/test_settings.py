"""Settings from the environment, and store addresses."""

from pathlib import Path

import pytest

from services.main import settings
from services.main.stores import PostgresServer, SqliteFolder, parse
from services.main.usage import WrongUsage


def test_without_a_word_the_store_is_a_folder_here() -> None:
    read = settings.read({})
    assert read.store == SqliteFolder(Path(".quittance"))
    assert read.key_file == Path(".quittance/keys.json")
    assert (read.tenant, read.deployment, read.shards, read.port) == ("default", "local", 1, 8700)


def test_an_option_wins_over_the_environment() -> None:
    read = settings.read({"QUITTANCE_STORE": "postgresql://h/db"}, store="sqlite:////var/q/")
    assert read.store == SqliteFolder(Path("/var/q"))
    assert read.key_file == Path("/var/q/keys.json")


def test_postgresql_has_eight_lanes_and_a_key_file_of_its_own_unless_told() -> None:
    read = settings.read({"QUITTANCE_STORE": "postgresql://h/db"})
    assert (read.shards, read.key_file) == (8, Path(".quittance/keys.json"))
    told = settings.read(
        {"QUITTANCE_STORE": "postgresql://h/db", "QUITTANCE_SHARDS": "3", "QUITTANCE_KEYS": "/k"}
    )
    assert (told.shards, told.key_file) == (3, Path("/k"))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "case.db",
        "sqlite://x",
        "sqlite:///a?mode=ro",
        "mysql://h/d",
        "postgresql+x://h",
        "postgresql://u:secret@[::1/d",
        "postgresql://u:sec ret@h/d",
    ],
)
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(WrongUsage):
        parse(url)


def test_a_shown_address_holds_no_password() -> None:
    assert (
        parse("postgresql://user:secret@db.internal:5432/q?sslmode=require").shown
        == "postgresql://…@db.internal:5432/q"
    )
    assert PostgresServer("postgresql://host/q").shown == "postgresql://…@host/q"


def test_where_the_others_are_is_an_address_and_the_law_an_id() -> None:
    told = {"QUITTANCE_LEGAL_URL": "https://legal.example.com:8703/", "QUITTANCE_LAW": "us.regf"}
    found = settings.read(told)
    assert (found.address_of("legal"), found.law) == ("https://legal.example.com:8703", "us.regf")
    assert (found.address_of("case"), settings.read({}).law) == (None, "cn.law")
    for wrong in ({"QUITTANCE_LEGAL_URL": "http://legal.example.com"}, {"QUITTANCE_LAW": "../cn"}):
        with pytest.raises(WrongUsage):
            settings.read(wrong)


def test_every_setting_is_documented() -> None:
    """Whichever module of ours names a variable."""
    services = Path(settings.__file__).parents[1]
    source = "".join(file.read_text() for file in services.rglob("*.py"))
    documented = {variable.name for variable in settings.VARIABLES}
    import re

    assert set(re.findall(r'"(QUITTANCE_[A-Z_]+)"', source)) == documented
