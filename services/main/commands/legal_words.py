"""How the lists of the legal service are said on a terminal, in the reader's language."""

from typing import Any

from services.main.console import Console

NOTHING = "–"


class Said:
    """The words of one console."""

    def __init__(self, console: Console) -> None:
        from services.legal.projections.words import saying

        self._console, self._words = console, saying
        self._language = console.pick("en", "zh-CN")

    def code(self, value: str) -> str:
        """A code in words."""
        if value == "NO_FIRM":
            return self._console.pick("(no firm)", "（无律所）")
        return self._words.code(value, self._language)

    def deadline(self, name: str) -> str:
        """What falls due."""
        return self._words.deadline(name, self._language)

    def track(self, kind: str | None) -> str:
        """A kind of track."""
        return NOTHING if kind is None else self._words.track(kind, self._language)

    def step(self, name: str) -> str:
        """A step by its name on the wire."""
        return self._words.step(name, self._language)

    def of_track(self, track: dict[str, Any]) -> str:
        """A track and where it stands."""
        status = self._words.status(track["kind"], track["status"], self._language)
        return f"{self.track(track['kind'])}: {status}"

    def standing(self, matter: dict[str, Any]) -> str:
        """A matter's tracks, or how it ended."""
        if matter["status"] == "CLOSED":
            ended = self.code(matter["outcome"] or "CLOSED")
            return self._console.pick(f"closed: {ended}", f"已办结：{ended}")
        going = [self.of_track(one) for one in matter["tracks"] if not one["ended"]]
        return "; ".join(going) or self._console.pick("open", "进行中")

    def due(self, one: dict[str, Any] | None) -> str:
        """A deadline with its day."""
        return NOTHING if one is None else f"{one['day']} {self.deadline(one['name'])}"

    def state(self, one: dict[str, Any]) -> str:
        """How a deadline stands."""
        return self.code(one["state"])

    def last_day(self, row: dict[str, Any]) -> str:
        """The last day; where the working days of its year are not announced, the raw one, and that it is."""
        if row["expires_on"] is not None:
            return str(row["expires_on"])
        return self._console.pick(f"{row['raw_on']} (before rest days)", f"{row['raw_on']}（未顺延）")

    def who(self, row: dict[str, Any]) -> str:
        """Against whom."""
        role = self.code(row["role"])
        return role if row["person"] is None else f"{role} {row['person']}"

    def money(self, amount: dict[str, str] | None) -> str:
        """An amount, or that nobody said one."""
        if amount is None:
            return self._console.pick("not known", "未知")
        return f"{amount['amount']} {amount['currency']}"

    def weakest(self, one: dict[str, Any] | None) -> str:
        """The poorest proof, its day and its grade."""
        if one is None:
            return NOTHING
        from shared.kernel.evidence import GRADES

        grade = GRADES.get(one["evidence"] or "")
        said = self._console.pick(*grade) if grade is not None else one["evidence"] or NOTHING
        return f"{one['on']} {self.code(one['kind'])} ({said})"

    def total(self, one: dict[str, Any]) -> str:
        """How much expires within so many days."""
        days, debts, unknown = one["within"], one["debts"], one["debts_of_unknown_balance"]
        en, zh = [f"within {days} days: {debts} debts"], [f"{days} 天内：{debts} 笔"]
        if one["owed"]:
            owed = " + ".join(self.money(amount) for amount in one["owed"])
            en, zh = [*en, owed], [*zh, owed]
        if unknown:
            en, zh = [*en, f"{unknown} of unknown balance"], [*zh, f"其中 {unknown} 笔余额未知"]
        return self._console.pick(", ".join(en), "，".join(zh))
