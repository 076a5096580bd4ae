"""Faults on demand, as real clients meet them."""

import http.client
import json
import time
from typing import Any

import pytest
import requests
from gspread.exceptions import APIError

OTHER = {"headers": {"Authorization": "Bearer other"}}


def made(server: Any) -> str:
    """Make a spreadsheet; return its id."""
    return str(server.call("POST", "/v4/spreadsheets", {}).json()["spreadsheetId"])


def append(server: Any, key: str, text: str, **options: Any) -> requests.Response:
    """Append a row."""
    path = f"/v4/spreadsheets/{key}/values/Sheet1:append?valueInputOption=RAW"
    return server.call("POST", path, {"values": [[text]]}, **options)


def read(server: Any, key: str, **options: Any) -> requests.Response:
    """Read the sheet."""
    return server.call("GET", f"/v4/spreadsheets/{key}/values/Sheet1", **options)


def change(server: Any, **faults: Any) -> Any:
    """Change the faults while the server runs."""
    answer = server.call("POST", "/faults", faults)
    assert answer.ok, answer.text
    return answer.json()


def error_info(answer: requests.Response) -> Any:
    """Return the details of a 429, whose shape is that of Google's."""
    assert answer.status_code == 429
    assert "Retry-After" not in answer.headers
    error = answer.json()["error"]
    assert (error["code"], error["status"]) == (429, "RESOURCE_EXHAUSTED")
    (info,) = error["details"]
    assert info["@type"] == "type.googleapis.com/google.rpc.ErrorInfo"
    assert (info["reason"], info["domain"]) == ("RATE_LIMIT_EXCEEDED", "googleapis.com")
    return error["message"], info["metadata"]


def test_googles_quota_is_60_reads_and_60_writes_a_minute_for_a_user(start: Any) -> None:
    """Reads and writes are counted apart; Drive has a quota of its own; another person may go on."""
    server = start("--quota", "google", "--person", "other@example.com=other")
    key = made(server)
    share = {"role": "writer", "type": "user", "emailAddress": "other@example.com"}
    assert server.call("POST", f"/drive/v3/files/{key}/permissions", share).ok
    for number in range(59):
        assert append(server, key, f"row {number}").ok
    message, about = error_info(append(server, key, "one too many"))
    assert message == (
        "Quota exceeded for quota metric 'Write requests' and limit 'Write requests per minute per user' of"
        " service 'sheets.googleapis.com' for consumer 'project_number:0'."
    )
    assert about["quota_limit"] == "WriteRequestsPerMinutePerUser"
    assert (about["quota_limit_value"], about["quota_metric"]) == (
        "60",
        "sheets.googleapis.com/write_requests",
    )
    for _ in range(60):
        assert len(read(server, key).json()["values"]) == 59
    message, about = error_info(read(server, key))
    assert about["quota_limit"] == "ReadRequestsPerMinutePerUser"
    assert server.call("GET", f"/drive/v3/files/{key}").ok
    assert append(server, key, "of the other", **OTHER).ok
    assert len(read(server, key, **OTHER).json()["values"]) == 60


def test_the_project_has_a_quota_of_its_own(start: Any) -> None:
    """All persons together: another limit, and Google's name for it."""
    server = start("--quota-project", "5", "--quota-reads", "4", "--person", "other@example.com=other")
    key = made(server)
    for _ in range(4):
        assert read(server, key).ok
    assert error_info(read(server, key))[1]["quota_limit"] == "ReadRequestsPerMinutePerUser"
    assert read(server, key, **OTHER).status_code in (403, 404)
    message, about = error_info(read(server, key, **OTHER))
    assert "limit 'Read requests per minute' of service" in message
    assert (about["quota_limit"], about["quota_limit_value"]) == ("ReadRequestsPerMinutePerProject", "5")


def test_gspread_sees_the_quota_as_it_sees_googles(start: Any) -> None:
    """Its APIError carries Google's code and sentence."""
    server = start("--quota-writes", "1")
    sheet = server.gspread().create("x").sheet1
    sheet.append_row(["one"])
    with pytest.raises(APIError, match=r"\[429\]: Quota exceeded for quota metric 'Write requests'"):
        sheet.append_row(["two"])


def test_latency_and_jitter_are_waited_out_before_each_answer(start: Any) -> None:
    """Five answers take at least five times the latency."""
    server = start("--latency-ms", "60", "--jitter-ms", "40", "--seed", "1")
    key = made(server)
    begun = time.monotonic()
    for _ in range(5):
        assert read(server, key).ok
    assert time.monotonic() - begun >= 5 * 0.06


def test_a_failure_before_the_commit_writes_nothing_and_one_after_it_has_written(start: Any) -> None:
    """Both are answered 503 UNAVAILABLE; only the sheet tells them apart."""
    server = start("--seed", "1")
    key = made(server)
    for faults, rows in (({"fail_before": 1}, None), ({"fail_before": 0, "fail_after": 1}, [["fail_after"]])):
        change(server, **faults)
        answer = append(server, key, list(faults)[-1])
        assert (answer.status_code, answer.json()["error"]["status"]) == (503, "UNAVAILABLE")
        change(server, fail_before=0, fail_after=0)
        assert read(server, key).json().get("values") == rows


def test_a_cut_after_the_commit_sends_nothing_at_all(start: Any) -> None:
    """The connection is closed without a byte; the row is there."""
    server = start("--cut-after", "1")
    body = json.dumps({"values": [["cut"]]})
    headers = {"Authorization": "Bearer test-token", "Content-Type": "application/json"}
    change(server, cut_after=0)
    key = made(server)
    change(server, cut_after=1)
    connection = http.client.HTTPConnection(server.address.removeprefix("http://"), timeout=10)
    path = f"/v4/spreadsheets/{key}/values/Sheet1:append?valueInputOption=RAW"
    connection.request("POST", path, body, headers)
    assert connection.sock.recv(1) == b""
    with pytest.raises(requests.ConnectionError):
        append(server, key, "cut again")
    assert read(server, key).json()["values"] == [["cut"], ["cut again"]]


def test_a_share_of_faults_is_repeated_by_its_seed(start: Any, tmp_path: Any) -> None:
    """The same seed, the same order of requests, the same faults."""
    told = []
    for number in range(2):
        server = start("--fail-before", "0.4", "--seed", "11", data=tmp_path / f"{number}.sqlite")
        told.append([server.call("GET", "/v4/spreadsheets/none").status_code for _ in range(30)])
        server.stop()
    assert told[0] == told[1]
    assert set(told[0]) == {404, 503}


def test_only_the_owner_changes_faults_and_only_to_what_makes_sense(start: Any) -> None:
    """A drill's switch at /faults; it is not there in a desk."""
    server = start("--person", "other@example.com=other")
    before = server.call("GET", "/faults").json()
    assert before["fail_after"] == 0
    assert server.call("POST", "/faults", {"fail_after": 1}, **OTHER).status_code == 403
    for wrong, words in (({"fire": 1}, "There is no fault 'fire'"), ({"fail_after": 2}, "from 0 to 1")):
        answer = server.call("POST", "/faults", {"latency_ms": 9} | wrong)
        assert answer.status_code == 400
        assert words in answer.json()["error"]["message"]
    assert server.call("GET", "/faults").json() == before
