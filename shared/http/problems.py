"""What can go wrong over HTTP: a closed list of problems (RFC 9457), each in two languages.

A problem's `type` is `/problems/<code>`, a page that this very service serves. No text holds a value that the
caller sent: a refusal that echoes its input leaks whatever was in it into logs, tickets and screenshots.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from shared.http.language import Language
from shared.http.refusal_status import REFUSAL_STATUS
from shared.kernel.refusal import Refused, Safe, all_refusals

MEDIA_TYPE = "application/problem+json"
REFUSAL_STATUS_DEFAULT = 409
TOO_MANY = 429


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
        code="malformed-json",
        status=400,
        title_en="The body is not one JSON document",
        title_zh="正文不是合法的 JSON",
        detail_en="Send one JSON object in UTF-8: each key once, no NaN or Infinity, whole characters only.",
        detail_zh="请发送一个 UTF-8 编码的 JSON 对象：键不得重复，不得含 NaN 或 Infinity，字符必须完整。",
    ),
    ProblemType(
        code="idempotency-key-missing",
        status=400,
        title_en="The request has no idempotency key",
        title_zh="请求缺少幂等键",
        detail_en="Send `Idempotency-Key` with a value of your own, new for each act and the same when you send it "
        "again. It is kept for ever, so a repeated request is answered and not carried out twice.",
        detail_zh="请在 `Idempotency-Key` 中提供自定的值：每次操作用新值，重发时用原值。"
        "该值永久保存，重复请求只应答、不重复执行。",
    ),
    ProblemType(
        code="invalid-token",
        status=401,
        title_en="There is no valid access token",
        title_zh="缺少有效的访问令牌",
        detail_en="Send `Authorization: Bearer` with a token of the configured issuer; `errors` says what is wrong "
        "with the one that was sent. On a development machine `quittance token` prints one.",
        detail_zh="请在 `Authorization: Bearer` 中发送所配置签发方的令牌，`errors` 指出所发令牌的问题。"
        "开发环境可用 `quittance token` 取得令牌。",
    ),
    ProblemType(
        code="signature-refused",
        status=401,
        title_en="The callback is not signed as it must be",
        title_zh="回调签名无效",
        detail_en="`errors` names the header that is wrong. Sign `<id>.<timestamp>.<body>` with a key that is "
        "configured here (Standard Webhooks 1.0), with a timestamp within five minutes of now.",
        detail_zh="`errors` 列出有误的请求头。请使用此处配置的密钥对 `<id>.<timestamp>.<body>` 签名"
        "（Standard Webhooks 1.0），时间戳与当前时间相差不得超过五分钟。",
    ),
    ProblemType(
        code="insufficient-scope",
        status=403,
        title_en="The token does not allow this operation",
        title_zh="令牌未授予此操作的权限",
        detail_en="`context` names the scope that is needed; ask the issuer for a token that has it.",
        detail_zh="`context` 列出所需的权限范围，请向签发方申请包含该范围的令牌。",
    ),
    ProblemType(
        code="person-required",
        status=403,
        title_en="Only a person may do this",
        title_zh="该操作仅限自然人",
        detail_en="The token is a machine's: its `sub` is its client. Ask with the token of the person who looks, so "
        "that it is on record who did.",
        detail_zh="该令牌属于程序（其 `sub` 即客户端）。请使用实际查看人的令牌，以便留下查看记录。",
    ),
    ProblemType(
        code="tenant-not-served",
        status=403,
        title_en="The token is for another tenant",
        title_zh="令牌属于其他租户",
        detail_en="This process serves other tenants than the one the token names; the answer is the same whatever "
        "was asked for.",
        detail_zh="本进程不为令牌所属租户提供服务；无论请求什么，答复都相同。",
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
        title_en="The request is not valid",
        title_zh="请求内容无效",
        detail_en="`errors` names each parameter, or points to each place of the body, and says what is wrong with "
        "it; `context` lists what is allowed.",
        detail_zh="`errors` 列出每个参数或正文位置及其问题，`context` 列出允许的取值。",
    ),
    ProblemType(
        code="version-conflict",
        status=412,
        title_en="There is a newer version",
        title_zh="数据已有更新的版本",
        detail_en="Read it again and decide again: `context` names the present version and the events since yours.",
        detail_zh="请重新读取并重新决定：`context` 列出当前版本以及其后发生的事件。",
    ),
    ProblemType(
        code="body-too-large",
        status=413,
        title_en="The body is too large",
        title_zh="正文过大",
        detail_en="`context` says how many bytes are taken at most.",
        detail_zh="`context` 列出允许的最大字节数。",
    ),
    ProblemType(
        code="unsupported-media-type",
        status=415,
        title_en="The body is of a type that is not taken here",
        title_zh="不支持该正文类型",
        detail_en="Send a `Content-Type` that `context` lists; JSON in UTF-8.",
        detail_zh="请使用 `context` 所列的 `Content-Type`；JSON 须为 UTF-8 编码。",
    ),
    ProblemType(
        code="idempotency-key-reused",
        status=422,
        title_en="The idempotency key belongs to another request",
        title_zh="幂等键已用于其他请求",
        detail_en="The key was sent before with another path or body. Use a new key for a new act.",
        detail_zh="该键此前用于不同的路径或正文。新的操作请使用新的键。",
    ),
    ProblemType(
        code="precondition-required",
        status=428,
        title_en="The request must say which version it was decided on",
        title_zh="请求必须注明所依据的版本",
        detail_en="Read the thing first and send its `ETag` as `If-Match`.",
        detail_zh="请先读取，再将其 `ETag` 作为 `If-Match` 发送。",
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

    `errors` are (place, code) pairs whose place is a parameter's name of ours, or a JSON Pointer of names of ours
    into the body; `context` holds safe values only.
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
        retryable=REFUSAL_STATUS.get(refusal.code) == TOO_MANY,
    )


def named(code: str) -> ProblemType:
    """The problem of this code, of HTTP or of a rule. Raises KeyError."""
    found = CATALOGUE.get(code)
    return found if found is not None else of_refusal(all_refusals()[code])


def _place(place: str) -> str:
    return "pointer" if place == "" or place.startswith("/") else "parameter"


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
    if found := [{_place(place): place, "code": code} for place, code in errors]:
        said["errors"] = found
    if context:
        said["context"] = {name: _plain(value) for name, value in context.items()}
    return said


def _plain(value: Safe) -> int | str | tuple[str, ...] | None:
    """A safe value as JSON has it: days and instants in ISO 8601."""
    return value.isoformat() if isinstance(value, date | datetime) else value
