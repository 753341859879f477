"""Stand-ins of the two code hosts on a port: comments and issues as their REST documents describe them.

Pages with `Link` headers (absolute URLs), accounts and rights, 401, 403, 404 and 422, both forms of rate limits. Faults
can be queued; each is given to the next call that fits.
"""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

TOKEN = "canary-code-host-token"
BOT = {"id": 41898282, "login": "github-actions[bot]", "type": "Bot"}
PERSON = {"id": 7, "login": "jdoe", "type": "User"}
PROJECT_BOT = {"id": 99, "username": "project_1_bot"}


@dataclass
class Fault:
    """An answer given instead of the real one: status 0 cuts the connection; `stored` lets the call happen first."""

    method: str
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    stored: bool = False
    raw: bytes | None = None


@dataclass
class Call:
    method: str
    path: str
    query: dict[str, str]
    body: Any
    headers: dict[str, str]


@dataclass
class Host:
    """What a code host holds. `me` is the token's account; None: the token of a job, which has no `/user`."""

    platform: str
    me: dict[str, Any] | None
    url: str = ""
    comments: list[dict[str, Any]] = field(default_factory=list)
    issues: list[dict[str, Any]] = field(default_factory=list)
    pulls: list[dict[str, Any]] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    may_write: bool = True
    next_id: int = 1000

    @property
    def api(self) -> str:
        return self.url if self.platform == "github" else f"{self.url}/api/v4"

    @property
    def writes(self) -> list[tuple[str, str]]:
        return [(call.method, call.path) for call in self.calls if call.method != "GET"]

    def add_comment(self, text: str, author: dict[str, Any]) -> dict[str, Any]:
        self.next_id += 1
        whose = "user" if self.platform == "github" else "author"
        item = {"id": self.next_id, "body": text, whose: author, "created_at": "2026-01-01T00:00:00Z"}
        if self.platform == "github":
            item["html_url"] = f"https://github.com/acme/net/pull/12#issuecomment-{self.next_id}"
        self.comments.append(item)
        return item

    def add_issue(self, text: str, author: dict[str, Any], **more: Any) -> dict[str, Any]:
        self.next_id += 1
        number = len(self.issues) + 1
        github = self.platform == "github"
        item: dict[str, Any] = {"id": self.next_id, "title": "", "labels": [], **more}
        item |= {"number": number, "body": text, "user": author, "state": "open"} if github else {}
        item |= {} if github else {"iid": number, "description": text, "author": author, "state": "opened"}
        item["html_url" if github else "web_url"] = f"https://host/issues/{number}"
        self.issues.append(item)
        return item

    def answer(self, call: Call) -> tuple[int, Any, dict[str, str]]:
        """One call to the API: status, body and headers."""
        header = "Authorization" if self.platform == "github" else "Private-Token"
        if call.headers.get(header, "").removeprefix("Bearer ") != TOKEN:
            return 401, {"message": "Bad credentials" if self.platform == "github" else "401 Unauthorized"}, {}
        return self._github(call) if self.platform == "github" else self._gitlab(call)

    def _github(self, call: Call) -> tuple[int, Any, dict[str, str]]:
        if call.path == "/user":
            if self.me is None:
                return 403, {"message": "Resource not accessible by integration"}, {"X-RateLimit-Remaining": "4000"}
            return 200, self.me, {}
        if call.path == "/repos/acme/net/pulls" and (call.method == "GET" or self.may_write):
            return self._requests(call, ("head", "base"), "html_url", "body", self.me or BOT)
        found = re.fullmatch(r"/repos/acme/net/issues(?:/(\d+))?(/comments)?(?:/(\d+))?", call.path)
        if not found:
            return 404, {"message": "Not Found"}, {}
        number, comments, item = found.groups()
        if call.method != "GET" and not self.may_write:
            return 403, {"message": "Resource not accessible by integration"}, {}
        author = self.me or BOT
        if comments and number == "12":
            return self._list(call, self.comments, "body", lambda text: self.add_comment(text, author))
        if comments and item:
            return self._one(call, self.comments, "id", int(item), "PATCH")
        if number is None and not comments:
            return self._list(call, self.issues, "body", lambda text: self.add_issue(text, author))
        if number and not comments:
            return self._one(call, self.issues, "number", int(number), "PATCH")
        return 404, {"message": "Not Found"}, {}

    def _gitlab(self, call: Call) -> tuple[int, Any, dict[str, str]]:
        path = call.path.removeprefix("/api/v4")
        if path == "/user":
            return (200, self.me, {}) if self.me else (403, {"message": "403 Forbidden"}, {})
        if path == "/projects/42/merge_requests" and (call.method == "GET" or self.may_write):
            branches = ("source_branch", "target_branch")
            return self._requests(call, branches, "web_url", "description", self.me or PROJECT_BOT)
        found = re.fullmatch(r"/projects/(?:42|group/net)(/issues|/merge_requests/12/notes)(?:/(\d+))?", path)
        if not found:
            return 404, {"message": "404 Project Not Found"}, {}
        if call.method != "GET" and not self.may_write:
            return 403, {"message": "403 Forbidden"}, {}
        items = self.issues if found[1] == "/issues" else self.comments
        text, key = ("description", "iid") if items is self.issues else ("body", "id")
        if found[2]:
            return self._one(call, items, key, int(found[2]), "PUT")
        add = self.add_issue if items is self.issues else self.add_comment
        return self._list(call, items, text, lambda new: add(new, self.me or PROJECT_BOT))

    def _requests(
        self, call: Call, branches: tuple[str, str], link: str, text: str, author: dict[str, Any]
    ) -> tuple[int, Any, dict[str, str]]:
        """Open pull or merge requests; a second one of a branch is refused."""
        if call.method == "GET":
            return 200, self.pulls, {}
        if not all(call.body.get(name) for name in (*branches, "title", text)) or self.pulls:
            return 422, {"message": "Validation Failed"}, {}
        whose, number = ("user", "number") if self.platform == "github" else ("author", "iid")
        made = {**call.body, whose: author, number: 31, link: "https://host/acme/net/pull/31"}
        self.pulls.append(made)
        return 201, made, {}

    def _list(self, call: Call, items: list[dict[str, Any]], text: str, add: Any) -> tuple[int, Any, dict[str, str]]:
        if call.method == "POST":
            new = call.body.get(text)
            if not new or len(new) > 65_536 or (items is self.issues and not call.body.get("title")):
                return (
                    422,
                    {"message": "Validation Failed", "errors": [{"code": "custom", "message": "is too long"}]},
                    {},
                )
            item = add(new)
            item |= {key: value for key, value in call.body.items() if key in ("title", "labels")}
            return 201, item, {}
        size, page = int(call.query.get("per_page", "30")), int(call.query.get("page", "1"))
        size = min(size, 100)
        shown = [item for item in items if item.get("state") in (None, call.query.get("state"))]
        headers = {}
        if page * size < len(shown):
            last = -(-len(shown) // size)
            links = {"next": page + 1, "last": last} | ({"prev": page - 1} if page > 1 else {})
            full = self.url + call.path
            headers["Link"] = ", ".join(
                f'<{full}?{urlencode({**call.query, "page": number})}>; rel="{rel}"' for rel, number in links.items()
            )
        return 200, shown[(page - 1) * size : page * size], headers

    def _one(
        self, call: Call, items: list[dict[str, Any]], key: str, number: int, method: str
    ) -> tuple[int, Any, dict[str, str]]:
        item = next((item for item in items if item[key] == number), None)
        if item is None or call.method != method:
            return 404, {"message": "Not Found"}, {}
        changes = dict(call.body)
        if changes.pop("state_event", None) == "close":
            changes["state"] = "closed"
        item.update(changes)
        return 200, item, {}


@contextmanager
def serving(host: Host) -> Iterator[Host]:
    """The host on a port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(host))
    host.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(host: Host) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one packet

        def _serve(self) -> None:
            parts = urlsplit(self.path)
            raw = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            body = json.loads(raw) if raw else None
            headers = {name.title(): value for name, value in self.headers.items()}
            call = Call(self.command, unquote(parts.path), dict(parse_qsl(parts.query)), body, headers)
            host.calls.append(call)
            fault = next((item for item in host.faults if item.method == self.command), None)
            if fault:
                host.faults.remove(fault)
                if fault.stored:
                    host.answer(call)
                if not fault.status:
                    self.close_connection = True
                    self.connection.close()
                    return
                self._reply(fault.status, fault.body, fault.headers, fault.raw)
                return
            status, answer, more = host.answer(call)
            self._reply(status, answer, more)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815

        def _reply(self, status: int, body: Any, headers: dict[str, str], raw: bytes | None = None) -> None:
            content = json.dumps(body).encode() if raw is None else raw
            self.send_response_only(status)
            usual = {"Content-Type": "application/json", "Date": self.date_time_string()}
            for name, value in {**usual, **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            self.wfile.flush()

        def finish(self) -> None:
            if self.connection.fileno() >= 0:
                super().finish()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
            pass

    return Handler
