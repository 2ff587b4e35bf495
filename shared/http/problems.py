"""What can go wrong over HTTP: a closed list of problems (RFC 9457), each in two languages.

A problem's `type` is `/problems/<code>`, a page that this very service serves. No text holds a value that the
caller sent: a refusal that echoes its input leaks whatever was in it into logs, tickets and screenshots.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.http.language import Language
from shared.kernel.refusal import Refused, Safe, all_refusals

MEDIA_TYPE = "application/problem+json"
REFUSAL_STATUS_DEFAULT = 409
REFUSAL_STATUS: Mapping[str, int] = {
    "unknown-zone": 422,
    "unknown-currency": 422,
    "malformed-amount": 422,
    "currency-mismatch": 422,
    "empty-period": 422,
    "case-unknown": 404,
}
"""Refusals about what was sent (422) or about what is not there (404); all others are about a thing's state (409)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemType:
    """One row of the catalogue. `detail` says what the caller can do; `retryable`: the same request may succeed."""

    code: str
    status: int
    title_en: str
    title_zh: str
    detail_en: str
    detail_zh: str
    retryable: bool = False

    def title(self, language: Language) -> str:
        """What happened."""
        return self.title_zh if language == "zh-CN" else self.title_en

    def detail(self, language: Language) -> str:
        """What to do about it."""
        return self.detail_zh if language == "zh-CN" else self.detail_en


_OF_HTTP = (
    ProblemType(
        code="malformed-request",
        status=400,
        title_en="The request cannot be read",
        title_zh="无法读取该请求",
        detail_en="Check its syntax: the request line, the headers and, where there is one, the JSON body.",
        detail_zh="请检查请求行、请求头以及 JSON 正文（如有）的语法。",
    ),
    ProblemType(
        code="bad-cursor",
        status=400,
        title_en="The cursor does not belong to this list",
        title_zh="游标不属于该列表",
        detail_en="Send `cursor` or `after` exactly as an earlier answer gave it, with the same filters; "
        "or start again without it.",
        detail_zh="请原样使用先前响应返回的 `cursor` 或 `after`，并保持筛选条件不变；或去掉该参数重新开始。",
    ),
    ProblemType(
        code="not-found",
        status=404,
        title_en="There is nothing at this address",
        title_zh="该地址没有对应的资源",
        detail_en="Check the path and the id. `GET /` lists what is served; `GET /v1/cases` lists cases.",
        detail_zh="请检查路径和编号。`GET /` 列出全部入口，`GET /v1/cases` 列出案件。",
    ),
    ProblemType(
        code="method-not-allowed",
        status=405,
        title_en="This address does not take that method",
        title_zh="该地址不支持此请求方法",
        detail_en="The `Allow` header of this answer lists the methods it takes.",
        detail_zh="本响应的 `Allow` 头列出了可用的方法。",
    ),
    ProblemType(
        code="misdirected",
        status=421,
        title_en="This server does not answer under that name",
        title_zh="本服务不以该主机名应答",
        detail_en="Until there are access tokens only the loopback is served: ask 127.0.0.1 or localhost.",
        detail_zh="在提供访问令牌之前仅服务本机回环地址：请使用 127.0.0.1 或 localhost。",
    ),
    ProblemType(
        code="invalid",
        status=422,
        title_en="A parameter is not valid",
        title_zh="参数无效",
        detail_en="`errors` names each parameter and what is wrong with it; `context` lists what is allowed.",
        detail_zh="`errors` 列出每个参数及其问题，`context` 列出允许的取值。",
    ),
    ProblemType(
        code="internal",
        status=500,
        title_en="Something failed on our side",
        title_zh="服务内部发生故障",
        detail_en="Nothing was changed. Tell the operator the `request_id`; the log has the reason under it.",
        detail_zh="数据未被更改。请将 `request_id` 告知运维人员，日志中记录了原因。",
    ),
    ProblemType(
        code="temporary-reduced-capacity",
        status=503,
        title_en="The service cannot take this request now",
        title_zh="服务暂时无法处理该请求",
        detail_en="Send the same request again after the time in `Retry-After`.",
        detail_zh="请在 `Retry-After` 指定的时间之后重新发送同一请求。",
        retryable=True,
    ),
    ProblemType(
        code="projection-behind",
        status=503,
        title_en="The view that answers this is being rebuilt",
        title_zh="用于应答的视图正在重建",
        detail_en="Nothing is lost: the ledger has everything. Ask again after the time in `Retry-After`.",
        detail_zh="数据没有丢失，账本中均有记录。请在 `Retry-After` 指定的时间之后再次查询。",
        retryable=True,
    ),
)
CATALOGUE: Mapping[str, ProblemType] = {problem.code: problem for problem in _OF_HTTP}


class Problem(Exception):
    """Answer this request with a problem of the catalogue.

    `errors` are (parameter, code) pairs whose parameter is a name of ours; `context` holds safe values only.
    """

    def __init__(
        self,
        code: str,
        *,
        errors: Iterable[tuple[str, str]] = (),
        context: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.kind = CATALOGUE[code]
        self.errors = tuple(errors)
        self.context = dict(context or {})
        self.headers = dict(headers or {})


def of_refusal(refusal: type[Refused]) -> ProblemType:
    """The problem a business refusal is answered with: its titles, and its docstring as the detail."""
    said = " ".join((refusal.__doc__ or "").split())
    return ProblemType(
        code=refusal.code,
        status=REFUSAL_STATUS.get(refusal.code, REFUSAL_STATUS_DEFAULT),
        title_en=refusal.title_en,
        title_zh=refusal.title_zh,
        detail_en=said,
        detail_zh=refusal.title_zh,
    )


def every_problem() -> dict[str, ProblemType]:
    """The catalogue with every refusal that the loaded services define, by code."""
    refusals = {code: of_refusal(refusal) for code, refusal in all_refusals().items()}
    return dict(sorted((refusals | dict(CATALOGUE)).items()))


def body(
    kind: ProblemType,
    *,
    language: Language,
    request_id: str,
    errors: Iterable[tuple[str, str]] = (),
    context: Mapping[str, Safe] | None = None,
) -> dict[str, Any]:
    """The JSON of one problem."""
    said: dict[str, Any] = {
        "type": f"/problems/{kind.code}",
        "title": kind.title(language),
        "status": kind.status,
        "code": kind.code,
        "detail": kind.detail(language),
        "request_id": request_id,
        "retryable": kind.retryable,
    }
    if found := [{"parameter": parameter, "code": code} for parameter, code in errors]:
        said["errors"] = found
    if context:
        said["context"] = dict(context)
    return said
