"""Store addresses: `sqlite:///DIR/` is a folder with a file for each service, `postgresql://…` a schema for each."""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

from services.main.usage import WrongUsage

FOLDER_DEFAULT = "./.quittance/"
_SQLITE = "sqlite:///"
_POSTGRES = ("postgresql://", "postgres://")


@dataclass(frozen=True, slots=True)
class SqliteFolder:
    """A folder that holds `case.db` and its neighbours."""

    folder: Path

    @property
    def shown(self) -> str:
        """The address as a person types it."""
        return f"{_SQLITE}{self.folder}/"

    def file_of(self, service: str) -> Path:
        """The file of one service."""
        return self.folder / f"{service}.db"


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A database that holds one schema for each service. The address may contain a password: never show it."""

    url: str

    @property
    def shown(self) -> str:
        """Where it is, without who logs in and how."""
        named = urlsplit(self.url)
        return f"postgresql://…@{named.netloc.rpartition('@')[2]}{named.path}"


StoreAddress: TypeAlias = SqliteFolder | PostgresServer


def parse(url: str) -> StoreAddress:
    """The store that a `--store` or QUITTANCE_STORE value names. Raises WrongUsage."""
    if url.startswith(_SQLITE):
        path = url.removeprefix(_SQLITE)
        if path and "?" not in path and "\0" not in path:
            return SqliteFolder(Path(path))
    elif url.startswith(_POSTGRES) and _readable(url):
        return PostgresServer(url)
    raise WrongUsage(
        en="the store is sqlite:///DIR/ (relative; sqlite:////DIR/ for an absolute folder) or postgresql://USER@HOST/DB",
        zh="存储地址应为 sqlite:///目录/（相对路径；绝对路径用 sqlite:////目录/）或 postgresql://用户@主机/数据库",
    )


def _readable(url: str) -> bool:
    """Can the driver read it? Its own complaint would show the address, and the password in it."""
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        conninfo_to_dict(url)
        urlsplit(url)
    except (ProgrammingError, ValueError):
        return False
    return True
