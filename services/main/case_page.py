"""One case for a person: how it stands, what is owed, what was agreed or raised, and what happened."""

from collections.abc import Iterator
from typing import Any

from services.main.console import Console

_KINDS = {
    "promises": ("promises", "还款承诺"),
    "plans": ("plans", "分期计划"),
    "plan_offers": ("plans offered", "分期方案"),
    "holds": ("holds in force", "生效中的暂停"),
    "reliefs": ("hardship reliefs", "困难纾缓"),
    "disputes": ("disputes", "异议"),
    "complaints": ("complaints", "投诉"),
    "settlements": ("settlements", "和解"),
    "waivers": ("waivers", "减免"),
    "placements": ("placements", "委外"),
    "referrals": ("legal referrals", "移交法务"),
}
_PARTS = {
    "costs": ("costs", "费用"),
    "interest": ("interest", "利息"),
    "penalty": ("penalty", "罚息"),
    "principal": ("principal", "本金"),
}
_FIELDS = {
    "status": ("", ""), "amount": ("amount", "金额"), "amounts": ("amount", "金额"), "owed": ("owed", "欠款"),
    "due": ("due", "到期"), "judged_on": ("judged on", "判定日"), "appropriated": ("came in", "到账"),
    "total": ("total", "总额"), "since": ("since", "自"), "cure_by": ("cure by", "补救期限"),
    "kind": ("", ""), "from": ("from", "自"), "until": ("until", "至"), "source": ("by", "来源"),
    "measures": ("measures", "措施"), "ageing": ("ageing", "账龄"), "scope": ("", ""),
    "answer_by": ("answer by", "答复期限"), "finding": ("finding", "结论"), "pay_by": ("pay by", "付款期限"),
    "paid": ("paid", "已付"), "paid_on": ("paid on", "付清日"), "approved_on": ("approved on", "批准日"),
    "offered_on": ("offered on", "提出日"), "expires": ("expires", "失效日"),
    "agency": ("agency", "机构"), "outcome": ("outcome", "结果"), "reason": ("reason", "原因"),
    "account": ("account", "账户"), "number": ("no.", "期次"), "stops_interest": ("stops interest", "停计罚息"),
}  # fmt: skip
"""How a field of a standing is called; those not named here are for programs."""
_TOPICS = {
    "REASON": ("fell behind because of", "逾期原因"),
    "ABILITY": ("ability to pay", "还款能力"),
    "WILLINGNESS": ("willingness to pay", "还款意愿"),
}
_LIFECYCLE = {"open": ("open", "未结"), "closed": ("closed", "已结")}


def show(console: Console, said: dict[str, Any]) -> None:
    """The case, a line for each thing that is there; what is empty is left out."""
    console.say(said["id"])
    for line in (*_standing(console, said), *_money(console, said), *_person(console, said)):
        console.say(f"  {line}")
    for kind, names in _KINDS.items():
        if said[kind]:
            console.say(f"  {console.pick(*names)}:")
        for ref, thing in said[kind].items():
            console.say(f"    {ref}  {_thing(console, thing)}")
            for one in thing.get("instalments", ()):
                console.say(f"      {_thing(console, one)}")
    console.say()
    for entry in said["timeline"]:
        console.say(f"  {entry['version']:>3}  {entry['title']}: {entry['text']}")


def _standing(console: Console, said: dict[str, Any]) -> Iterator[str]:
    asked = said["asked"]
    if asked["known_at"]:
        yield console.pick(
            f"as of {asked['as_of']}, by what was known at {asked['known_at']}",
            f"截至 {asked['as_of']}，依据 {asked['known_at']} 时所知",
        )
    elif asked["as_of"]:
        yield console.pick(f"as of {asked['as_of']}", f"截至 {asked['as_of']}")
    lifecycle, debtor = console.pick(*_LIFECYCLE[said["lifecycle"]]), said["debtor_ref"]
    yield console.pick(
        f"{lifecycle}, episode {said['episode']} of {debtor or '(erased)'}, stage {said['stage']}, "
        f"{said['days_past_due']} days past due; last reported {said['as_of'] or '–'}",
        f"{lifecycle}，{debtor or '（已删除）'} 的第 {said['episode']} 次案件，阶段 {said['stage']}，"
        f"逾期 {said['days_past_due']} 天；最近报送 {said['as_of'] or '–'}",
    )
    if said["lifecycle"] == "closed":
        yield console.pick(
            f"closed on {said['closed_on']}: {said['reason']}", f"{said['closed_on']} 结案：{said['reason']}"
        )
    if said["mode"]:
        by = said["collector"] or "–"
        yield console.pick(
            f"collected by {said['mode']}, assigned to {by}", f"处理方 {said['mode']}，负责人 {by}"
        )
    if said["keeps_open"]:
        held = ", ".join(said["keeps_open"])
        yield console.pick(f"kept from closing by {held}", f"以下事项使案件不能结案：{held}")


def _money(console: Console, said: dict[str, Any]) -> Iterator[str]:
    if said["owed"] is not None:
        of = ", ".join(
            f"{console.pick(*names)} {said['owed'][part]['amount']}" for part, names in _PARTS.items()
        )
        yield console.pick(
            f"owed {_amount(said['owed']['total'])} ({of}); overpaid {_amount(said['overpaid'])}",
            f"欠款 {_amount(said['owed']['total'])}（{of}）；多付 {_amount(said['overpaid'])}",
        )
    arrears, paid = _amount(said["arrears"]), _amount(said["paid"])
    yield console.pick(
        f"arrears {arrears}; {said['payments']} payments received, {paid}",
        f"拖欠 {arrears}；收到还款 {said['payments']} 笔，共 {paid}",
    )


def _person(console: Console, said: dict[str, Any]) -> Iterator[str]:
    for one in said["circumstances"]:
        topic = console.pick(*_TOPICS.get(one["topic"], (one["topic"], one["topic"])))
        value, source = one["value"] or "–", one["source"] or "–"
        yield console.pick(
            f"{topic}: {value} (from {source}, {one['on']})",
            f"{topic}：{value}（来源 {source}，{one['on']}）",
        )
    tries, last = said["contact"]["attempts"], said["contact"]["last"]
    if last:
        yield console.pick(
            f"{tries} contact attempts, last on {last['on']}: {last['channel']}, {last['outcome']}",
            f"联系 {tries} 次，最近 {last['on']}：{last['channel']}，{last['outcome']}",
        )


def _thing(console: Console, thing: dict[str, Any]) -> str:
    """A standing on one line: its status or kind first, then what else is known of it."""
    found = []
    for name, value in thing.items():
        names = _FIELDS.get(name)
        if names is None or value in (None, [], False):
            continue
        word = console.pick(*names)
        found.append(f"{word} {_text(value)}".strip() if value is not True else word)
    return console.pick(", ", "，").join(found)


def _text(value: Any) -> str:
    match value:
        case {"amount": _}:
            return _amount(value)
        case {"total": total}:
            return _amount(total)
        case list():
            return " ".join(map(_text, value))
        case _:
            return str(value)


def _amount(value: dict[str, str] | None) -> str:
    return f"{value['amount']} {value['currency']}" if value else "–"
