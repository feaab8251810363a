"""Errors that a caller sees: a stable code, an HTTP status, a sentence in zh and en."""

from __future__ import annotations

from govgraph.observed import current

#: code -> (HTTP status, Chinese, English)
CATALOGUE: dict[str, tuple[int, str, str]] = {
    "not-found": (404, "没有这个{kind_zh}：{id}", "There is no {kind} {id}"),
    "not-in-release": (404, "该发布版本中没有这个三元组：{triple}", "The release does not hold this triple: {triple}"),
    "no-such-path": (404, "没有这个路径", "There is nothing at this path"),
    "method-not-allowed": (405, "此路径不接受该方法", "This path does not take that method"),
    "no-release": (503, "还没有发布任何数据；请先运行 govgraph build", "Nothing is published yet: run govgraph build"),
    "unknown-release": (404, "没有这个发布版本：{id}", "There is no release {id}"),
    "release-gone": (
        410,
        "发布版本 {id} 已按保留规则删除",
        "The release {id} has been removed, as the rules of retention have it",
    ),
    "query-missing": (400, "缺少 query 参数", "The parameter `query` is missing"),
    "query-repeated": (400, "query 参数只能出现一次", "The parameter `query` may be given only once"),
    "query-syntax": (400, "查询语法有误：{why}", "The query is not valid SPARQL: {why}"),
    "query-refused": (400, "查询被拒绝：{why_zh}", "The query is refused: {why}"),
    "query-timeout": (503, "查询超过 {limit} 秒，已停止", "The query was stopped after {limit} seconds"),
    "query-memory": (
        503,
        "查询超出内存上限 {limit}，已停止",
        "The query was stopped: it needs more memory than the limit of {limit}",
    ),
    "query-spill": (
        503,
        "查询超出磁盘暂存上限 {limit}，已停止",
        "The query was stopped: it needs more space on disk than the limit of {limit}",
    ),
    "query-ended-worker": (
        503,
        "查询使其工作进程中止(通常是内存不足)，已停止",
        "The query ended the process that worked on it, most often for want of memory",
    ),
    "write-timeout": (
        503,
        "改动超过 {limit} 秒，已中止；是否已完成未知，请先查看现状",
        "The change was stopped after {limit} seconds; whether it was made is not known: look first",
    ),
    "write-ended": (
        503,
        "处理改动的进程已中止；改动是否已完成未知，请先查看现状",
        "The process that made the change has ended; whether it was made is not known: look first",
    ),
    "ending": (503, "服务正在停止；请在 {seconds} 秒后重试", "The service is ending: try again in {seconds} seconds"),
    "no-room": (
        503,
        "服务暂时没有磁盘空间；请在 {seconds} 秒后重试",
        "The service has no room on its disk: try again in {seconds} seconds",
    ),
    "answer-too-long": (
        505,
        "答案超过 {limit} 字节，需用 HTTP/1.1 接收",
        "The answer has more than {limit} bytes, which takes HTTP/1.1",
    ),
    "busy": (503, "服务繁忙；请在 {seconds} 秒后重试", "The service is busy: try again in {seconds} seconds"),
    "too-many-requests": (
        429,
        "您的请求过多；请在 {seconds} 秒后重试",
        "You have asked for too much: try again in {seconds} seconds",
    ),
    "request-timeout": (408, "请求未在 {seconds} 秒内到达", "The request did not arrive within {seconds} seconds"),
    "request-malformed": (400, "这不是有效的 HTTP 请求", "This is not a valid HTTP request"),
    "head-too-large": (431, "请求头过大(上限 {limit} 字节)", "The request's head is too large (limit {limit} bytes)"),
    "function-arguments": (
        400,
        "函数 {function} 的参数个数不对",
        "The function {function} does not take that number of arguments",
    ),
    "remote-refused": (
        403,
        "本服务不向外连接：不允许 {what}",
        "This service opens no connections: {what} is not allowed",
    ),
    "service-refused": (
        403,
        "不允许本服务访问 SERVICE {endpoint}",
        "This service may not ask SERVICE {endpoint}",
    ),
    "service-failed": (
        502,
        "{endpoint} 没有给出可用的应答",
        "{endpoint} gave no answer that can be used",
    ),
    "service-timeout": (
        504,
        "{endpoint} 未在 {limit} 秒内应答",
        "{endpoint} did not answer within {limit} seconds",
    ),
    "service-limit": (
        503,
        "SERVICE 的应答超过上限 {limit_zh}，查询已停止",
        "The query was stopped: a SERVICE answered more than the limit of {limit}",
    ),
    "update-missing": (400, "缺少 update 参数", "The parameter `update` is missing"),
    "update-repeated": (400, "update 参数只能出现一次", "The parameter `update` may be given only once"),
    "update-syntax": (400, "更新语法有误：{why}", "The update is not valid SPARQL: {why}"),
    "update-dataset": (
        400,
        "更新已有 USING 或 WITH，不能再用 using-graph-uri",
        "The update has USING or WITH of its own, so the parameters using-graph-uri cannot apply",
    ),
    "update-failed": (500, "更新执行失败，未作任何改动", "The update could not be made; nothing has changed"),
    "updates-off": (
        403,
        "此服务不接受改动；请用 govgraph build 发布新版本",
        "This service takes no changes: publish a new release with govgraph build",
    ),
    "unknown-graph": (404, "没有这个图：{graph}", "There is no graph {graph}"),
    "graph-exists": (409, "图已存在：{graph}", "There is a graph {graph} already"),
    "which-graph": (
        400,
        "请用 ?default 或 ?graph=IRI 指明一个图",
        "Name one graph, with ?default or with ?graph=IRI",
    ),
    "other-graph": (
        422,
        "PATCH 只能改动所指的图，未作任何改动",
        "A PATCH may change no graph but the one it names; nothing has changed",
    ),
    "graph-protected": (
        403,
        "图 {graph} 由构建生成，不能改动",
        "The graph {graph} is made by the build and cannot be changed",
    ),
    "default-graph": (
        422,
        "默认图是所有图的并集，不能清空或替换；请指明一个图",
        "The default graph is the union of all graphs, which cannot be emptied or replaced: name a graph",
    ),
    "update-size": (
        422,
        "发布版超过 {limit} MB，只接受 INSERT DATA、DELETE DATA、图存储与 CSV 上传",
        "The release has more than {limit} MB of quads: it takes INSERT DATA and DELETE DATA, writes to"
        " single graphs and CSV uploads",
    ),
    "change-refused": (409, "改动未通过校验，未作任何改动", "The change is not valid; nothing has changed"),
    "release-changed": (
        412,
        "当前发布版是 {current}，不是 If-Match 所指的",
        "The release is {current} now, which If-Match does not name",
    ),
    "release-without-sources": (
        409,
        "发布版 {id} 由较早的版本生成，未保留来源；请先运行 govgraph build",
        "The release {id} was made by an earlier version, which kept no sources: run govgraph build first",
    ),
    "unknown-dataset": (404, "没有这个数据集：{id}", "There is no dataset {id}"),
    "unknown-table": (404, "数据集 {dataset} 中没有表 {id}", "There is no table {id} in the dataset {dataset}"),
    "table-metadata": (
        422,
        "{table} 不是标准表；请以 multipart 的 metadata 部分提供 CSVW 元数据",
        "{table} is not a standard table: send its CSVW metadata as the part `metadata` of a form",
    ),
    "table-unmergeable": (
        409,
        "表 {table} 无法逐行合并({why_zh})；请用 mode=replace",
        "The table {table} cannot be merged row by row ({why}): use mode=replace",
    ),
    "upload-syntax": (400, "{media} 内容有误：{why}", "The content is not valid {media}: {why}"),
    "upload-refused": (400, "上传内容被拒绝：{why_zh}", "The content is refused: {why}"),
    "only-loopback": (403, "只接受来自本机的请求", "Only requests from this machine to itself are taken"),
    "query-failed": (500, "查询执行失败", "The query could not be evaluated"),
    "cluster-unavailable": (503, "计算集群不可用：{why}", "The cluster is not available: {why}"),
    "cluster-data": (500, "{folder} 中的数据与当前发布版本不符", "The files in {folder} are not those of the release"),
    "remote-unavailable": (
        503,
        "远程 SPARQL 端点({setting})无法访问",
        "The remote SPARQL endpoint ({setting}) cannot be reached",
    ),
    "remote-credentials": (
        502,
        "远程端点({setting})不接受 GOVGRAPH_REMOTE_USER 和 GOVGRAPH_REMOTE_PASSWORD",
        "The remote endpoint ({setting}) does not accept GOVGRAPH_REMOTE_USER and GOVGRAPH_REMOTE_PASSWORD",
    ),
    "remote-address": (
        502,
        "{setting} 所指的地址没有相应的服务",
        "There is no such service at the address that {setting} gives",
    ),
    "remote-unset": (500, "使用远程引擎需要设置 {setting}", "The remote engine needs the setting {setting}"),
    "remote-failed": (
        502,
        "远程端点({setting})不能完成这个请求",
        "The remote endpoint ({setting}) could not do what it was asked",
    ),
    "remote-cut": (502, "远程端点的答复中断，不完整", "The remote endpoint broke its answer off: it is not whole"),
    "remote-release": (
        503,
        "远程端点现存的不是发布版本 {release}；请在 {seconds} 秒后重试",
        "The remote endpoint does not hold the release {release} now: try again in {seconds} seconds",
    ),
    "not-acceptable": (406, "没有可接受的格式；可选：{offered}", "No acceptable format; offered: {offered}"),
    "unsupported-media-type": (415, "不支持的请求类型 {given}", "Unsupported request type {given}"),
    "content-coding": (400, "请求正文不是有效的 {coding}", "The request's body is not valid {coding}"),
    "not-utf8": (400, "请求不是 UTF-8", "The request is not UTF-8"),
    "body-too-large": (413, "请求正文过大(上限 {limit} 字节)", "The request body is too large (limit {limit} bytes)"),
    "invalid-parameter": (422, "参数 {name} 有误：{why_zh}", "The parameter {name} is not valid: {why}"),
    "invalid-date": (
        422,
        "{name} 不是日期；写法如 2013、2013-06、2013-06-01",
        "{name} is not a date; write 2013, 2013-06 or 2013-06-01",
    ),
    "window-reversed": (
        422,
        "时段的开始 {start} 晚于结束 {end}",
        "The window starts on {start}, after it ends on {end}",
    ),
    "dates-conflict": (
        422,
        "at 与 from/to 不能同时给出",
        "Give either at or from/to, not both",
    ),
    "unknown-network": (
        404,
        "没有这个网络：{id}；可选：{offered}",
        "There is no network {id}; offered: {offered}",
    ),
    "no-earlier-release": (
        404,
        "{id} 之前没有发布版本",
        "There is no release before {id}",
    ),
    "no-release-by": (
        404,
        "截至 {date} 没有发布版本；最早的是 {first}",
        "Nothing was published by {date}; the first release is {first}",
    ),
    "unknown-question": (
        404,
        "没有找到这个问题：{id}；相近的有：{near}",
        "There is no question {id}; the nearest are: {near}",
    ),
    "unknown-query": (
        404,
        "目录中没有这个查询：{id}；相近的有：{near}",
        "There is no query {id}; the nearest are: {near}",
    ),
    "unknown-value": (422, "参数 {name}：没有这个实体 {id}", "The parameter {name}: there is no {kind} {id}"),
    "answer-too-large": (
        400,
        "答案超过 {limit} 字节，表格文件放不下；可用 {offered}",
        "The answer has more than {limit} bytes, too many for a spreadsheet: take {offered}",
    ),
    "too-many-rows": (
        422,
        "结果超过 {limit} 行；请缩小范围，或改用 {offered}",
        "The answer has more than {limit} rows: narrow it, or ask for {offered}",
    ),
    "not-a-dataset": (400, "不是数据集文件夹：{path}", "Not a dataset folder: {path}"),
    "dataset-repeated": (400, "两个数据集文件夹同名：{name}", "Two dataset folders have the same name: {name}"),
    "home-unusable": (500, "无法使用文件夹 {path}：{why}", "The folder {path} cannot be used: {why}"),
    "disk-full": (507, "{path} 所在磁盘空间不足，未作任何改动", "There is no room for {path}; nothing has changed"),
    "backup-exists": (409, "文件 {path} 已存在；覆盖请用 --force", "There is a file {path}: use --force to replace it"),
    "backup-invalid": (
        422,
        "备份文件有误，未恢复任何内容：{why_zh}",
        "This is not a whole backup, and nothing was restored: {why}",
    ),
    "backup-differs": (
        409,
        "已有发布版本 {id}，且与备份中的不同；未恢复任何内容",
        "There is a release {id} already, and not the one of the backup; nothing was restored",
    ),
    "release-damaged": (500, "发布版本 {id} 的文件已损坏：{file}", "A file of the release {id} is damaged: {file}"),
    "file-unusable": (400, "无法使用文件 {path}：{why}", "The file {path} cannot be used: {why}"),
    "shape-refused": (500, "形状 {shape} 无法检查：{what}", "The shape {shape} cannot be checked: {what}"),
    "build-busy": (409, "另一个构建正在进行", "Another build is running"),
    "key-missing": (
        401,
        "需要密钥：请以 Authorization: Bearer 或 X-Api-Key 提供",
        "A key is needed: send it as Authorization: Bearer, or as X-Api-Key",
    ),
    "key-unknown": (401, "没有这个密钥", "There is no such key"),
    "key-expired": (401, "密钥已过期", "The key has expired"),
    "key-scope": (403, "密钥没有所需的权限 {scope}", "The key does not have the scope {scope}"),
    "key-exists": (
        409,
        "已有名为 {name} 的密钥；更换请用 govgraph keys rotate",
        "There is a key named {name}: replace it with govgraph keys rotate",
    ),
    "unknown-key": (404, "没有名称或编号为 {id} 的密钥", "There is no key with the name or id {id}"),
    "keys-unusable": (500, "无法读取密钥文件", "The file of keys cannot be read"),
    "audit-failed": (500, "无法写入审计日志", "The audit log could not be written"),
    "audit-unusable": (
        500,
        "审计日志有误，请运行 govgraph doctor",
        "The audit log is not what it should be: run govgraph doctor",
    ),
    "internal": (500, "服务内部出错", "Something went wrong on our side"),
}  # fmt: skip


_BEARER, _BASIC = 'Bearer realm="govgraph"', 'Basic realm="govgraph"'
#: What asks for a key, or for another one (RFC 6750, section 3). SPARQL tools know Basic only.
_CHALLENGES = {
    "key-missing": f"{_BEARER}, {_BASIC}",
    "key-unknown": f'{_BEARER}, error="invalid_token", {_BASIC}',
    "key-expired": f'{_BEARER}, error="invalid_token", {_BASIC}',
    "key-scope": _BEARER + ', error="insufficient_scope", scope="{scope}"',
}


class GovgraphError(Exception):
    """An error with a code of the catalogue and the details that its sentences name."""

    def __init__(self, code: str, **details: object) -> None:
        self.status, zh, en = CATALOGUE[code]
        self.code, self.details = code, details
        self.message_zh, self.message_en = zh.format_map(details), en.format_map(details)
        super().__init__(self.message_en)

    @property
    def headers(self) -> dict[str, str]:
        """Headers of HTTP that go with the error: when to try again, what to authenticate with."""
        found: dict[str, str] = {}
        if self.status in (429, 503) and "seconds" in self.details:
            found["Retry-After"] = str(self.details["seconds"])
        if self.code in _CHALLENGES:
            found["WWW-Authenticate"] = _CHALLENGES[self.code].format_map(self.details)
        return found

    def public(self) -> GovgraphError:
        """The error as others are told it: where our folders are is not for them."""
        if self.status < 500 or "path" not in self.details:
            return self
        return GovgraphError(self.code, **self.details | {"path": "HOME"})

    def problem(self) -> dict[str, object]:
        """The RFC 9457 problem document, with the id of the request at work if there is one."""
        observed = current()
        of_request = {"request_id": observed.id} if observed and observed.id else {}
        return {
            "type": f"https://w3id.org/govgraph/errors#{self.code}",
            "title": self.message_en,
            "status": self.status,
            "code": self.code,
            "detail": self.message_en,
            "message_zh": self.message_zh,
            "message_en": self.message_en,
            **of_request,
        }
