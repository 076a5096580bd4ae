"""Drive v3: files, folders, queries, permissions, comments, and errors in Drive's shape."""

import itertools
from typing import Any

import gspread
import pytest

from tests.sheets.discovery import wrong
from tests.sheets.drive_discovery import COMPACT, text

FILES = "/drive/v3/files"
PERSON = {"type": "user", "role": "reader"}
FOLDER = "application/vnd.google-apps.folder"
_NUMBERS = itertools.count()


def test_the_compact_description_is_the_documents() -> None:
    """`python -m tests.sheets.drive_discovery` writes it again when the document is newer."""
    assert COMPACT.read_text(encoding="utf-8") == text()


def make(people: Any, name: str, who: str = "owner", **more: Any) -> str:
    """Make a file; return its id."""
    answer = people.call(who, "POST", FILES, {"name": name} | more)
    assert answer.ok, answer.text
    key: str = answer.json()["id"]
    return key


def ids(people: Any, query: str, who: str = "owner", **more: Any) -> list[str]:
    """Return the ids of the files that a query finds."""
    answer = people.call(who, "GET", FILES, params={"q": query, "fields": "files(id)"} | more)
    assert answer.ok, answer.text
    return [file["id"] for file in answer.json()["files"]]


@pytest.fixture
def name() -> str:
    """Return a name that no file has yet."""
    return f"zebra{next(_NUMBERS)}"


def refusal(answer: Any) -> dict[str, Any]:
    """Return the one error of an answer, after a look at the shape of the whole."""
    body = answer.json()
    assert body.keys() == {"error"}
    error = body["error"]
    assert error["code"] == answer.status_code
    assert error.keys() <= {"code", "message", "errors", "status"}
    (one,) = error["errors"]
    assert {"domain", "reason", "message"} <= one.keys()
    return dict(one)


# queries -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("name = '{}'", True),
        ("name = \"{}\" and mimeType='application/vnd.google-apps.spreadsheet'", True),
        ("mimeType != 'application/vnd.google-apps.spreadsheet' and name='{}'", False),
        ("name='{}' and mimeType = 'application/vnd.google-apps.folder'", False),
        ("name contains 'zebra' and name = '{}' and trashed=false", True),
        ("name contains 'ebra' and name = '{}'", False),
        ("'root' in parents and name='{}'", True),
        ("name='{}' and 'me' in owners", True),
        ("name='{}' and 'OWNER@localhost' in writers", True),
        ("name='{}' and not 'owner@localhost' in readers", False),
        ("name='{}' and 'reader@example.com' in readers", False),
        ("name='{}' and modifiedTime > '2020-01-01T00:00:00'", True),
        ("name='{}' and createdTime <= '2020-01-01T00:00:00Z'", False),
        ("name='{}' and modifiedTime < '2999-06-04T12:00:00-08:00'", True),
        ("name='{}' and (starred = true or trashed = true)", False),
        ("name='{}' and sharedWithMe", False),
        ("name='{}' and visibility = 'limited'", True),
        ("name='{}' and properties has {{ key='team' and value='north' }}", True),
        ("name='{}' and appProperties has {{ key='team' and value='north' }}", False),
        ("fullText contains 'quokka' and name='{}'", True),
        ("fullText contains 'quokka wombat' and name='{}'", False),
        ("fullText contains '\"no such phrase\"' and name='{}'", False),
    ],
)
def test_queries_find_what_they_say(people: Any, name: str, query: str, found: bool) -> None:
    """The `q` of gspread, pygsheets, gspread-pandas and of Google's own examples."""
    key = make(people, name, properties={"team": "north"})
    people.client("owner").open_by_key(key).sheet1.update([["a quokka"]], "B2")
    assert ids(people, query.format(name)) == ([key] if found else [])


@pytest.mark.parametrize(
    "query",
    [
        "colour = 'red'", "name", "name = ", "(name = 'x'", "name ! 'x'", "'a' in b", "trashed = 1",
        "name = x", "modifiedTime > 'soon'", "(" * 3000, "not " * 3000 + "trashed", "name = 'x' name = 'y'",
    ],
)  # fmt: skip
def test_a_query_that_cannot_be_read_is_refused(people: Any, query: str) -> None:
    """As Drive does, naming q."""
    answer = people.call("owner", "GET", FILES, params={"q": query})
    assert answer.status_code == 400
    assert refusal(answer) == {
        "domain": "global", "reason": "invalid", "message": "Invalid Value",
        "locationType": "parameter", "location": "q",
    }  # fmt: skip


def test_pages_and_orders(people: Any, name: str) -> None:
    """Two at a time, by name, each file once; a token of another kind is refused."""
    keys = [make(people, f"{name} {n}") for n in (10, 9, 2)]
    query = {"q": f"name contains '{name}'", "pageSize": "2", "orderBy": "name_natural"}
    first = people.call("owner", "GET", FILES, params=query).json()
    token = first["nextPageToken"]
    second = people.call("owner", "GET", FILES, params=query | {"pageToken": token}).json()

    assert [file["id"] for file in first["files"] + second["files"]] == keys[::-1]
    assert "nextPageToken" not in second
    for name_, value in (("pageToken", "x"), ("orderBy", "colour"), ("pageSize", "0"), ("corpora", "x")):
        answer = people.call("owner", "GET", FILES, params={name_: value})
        assert (answer.status_code, refusal(answer)["location"]) == (400, name_)
    assert ids(people, f"name contains '{name}'", orderBy="folder,name desc") == [keys[1], keys[2], keys[0]]


def test_the_list_is_everybodys_own(people: Any, name: str) -> None:
    """Files shared with somebody by name are listed, those open to whoever has the link are not."""
    mine = make(people, name, "writer")
    shared, linked = make(people, name), make(people, name)
    given = {"type": "user", "role": "reader", "emailAddress": "writer@example.com"}
    assert people.call("owner", "POST", f"{FILES}/{shared}/permissions", given).ok
    assert people.call(
        "owner", "POST", f"{FILES}/{linked}/permissions", {"type": "anyone", "role": "reader"}
    ).ok

    assert sorted(ids(people, f"name='{name}'", "writer")) == sorted([mine, shared])
    assert ids(people, f"name='{name}' and sharedWithMe = true", "writer") == [shared]
    assert ids(people, f"name='{name}' and 'me' in owners", "writer") == [mine]
    assert ids(people, f"name='{name}' and 'root' in parents", "writer") == [mine]
    assert ids(people, f"name='{name}'", "stranger") == []
    assert people.call("stranger", "GET", f"{FILES}/{linked}").ok


# files and folders --------------------------------------------------------------------------------------


def test_answers_hold_to_the_document(people: Any) -> None:
    """Every resource, whole."""
    key, folder = make(people, "whole"), make(people, "folder", mimeType=FOLDER)
    comment = people.call("owner", "POST", f"{FILES}/{key}/comments?fields=*", {"content": "why?"}).json()
    reply = people.call(
        "owner", "POST", f"{FILES}/{key}/comments/{comment['id']}/replies?fields=*", {"content": "so"}
    ).json()
    for path, schema in (
        (f"{FILES}/{key}", "File"), (f"{FILES}/{folder}", "File"), (f"{FILES}/root", "File"),
        (FILES, "FileList"), (f"{FILES}/{key}/permissions", "PermissionList"),
        (f"{FILES}/{key}/comments", "CommentList"), (f"{FILES}/{key}/comments/{comment['id']}", "Comment"),
        (f"{FILES}/{key}/comments/{comment['id']}/replies", "ReplyList"),
        (f"{FILES}/{key}/comments/{comment['id']}/replies/{reply['id']}", "Reply"),
        (f"{FILES}/{key}/revisions", "RevisionList"), (f"{FILES}/{key}/revisions/head", "Revision"),
        ("/drive/v3/about", "About"), ("/drive/v3/drives", "DriveList"),
    ):  # fmt: skip
        answer = people.call("owner", "GET", path, params={"fields": "*"})
        assert answer.ok, (path, answer.text)
        assert wrong(answer.json(), schema, "drive.v3") == [], path


def test_folders_hold_files_and_let_people_in(people: Any, name: str) -> None:
    """The folder_id of gspread; whoever may open a folder may open what lies in it."""
    folder = make(people, name, mimeType=FOLDER)
    inner = make(people, f"{name} inner", mimeType=FOLDER, parents=[folder])
    book = people.client("owner").create(f"{name} book", folder_id=inner)
    path = f"{FILES}/{book.id}"
    given = {"type": "user", "role": "writer", "emailAddress": "writer@example.com"}

    assert people.call("writer", "GET", path).status_code == 404
    made = people.call("owner", "POST", f"{FILES}/{folder}/permissions", given).json()
    assert people.call("writer", "GET", path, params={"fields": "parents"}).json() == {"parents": [inner]}
    assert ids(people, f"'{inner}' in parents", "writer") == [book.id]
    role = {"role": "reader"}
    assert people.call("owner", "PATCH", f"{FILES}/{folder}/permissions/{made['id']}", role).ok
    assert people.call("writer", "POST", f"/v4/spreadsheets/{book.id}/values/A1:clear").status_code == 403

    moved = people.call(
        "owner", "PATCH", path, params={"addParents": "root", "removeParents": inner, "fields": "parents"}
    )
    assert moved.json() == {"parents": ["root"]}
    assert people.call("writer", "GET", path).status_code == 404
    assert people.call("owner", "PATCH", path, params={"addParents": folder}).ok
    assert people.call("writer", "GET", path).ok
    assert people.call("owner", "DELETE", f"{FILES}/{folder}/permissions/{made['id']}").status_code == 204
    assert people.call("writer", "GET", path).status_code == 404

    into_itself = people.call("owner", "PATCH", f"{FILES}/{folder}", params={"addParents": inner})
    assert (into_itself.status_code, refusal(into_itself)["reason"]) == (403, "cannotMoveIntoItself")
    assert people.call("owner", "DELETE", f"{FILES}/{folder}").status_code == 204
    for key in (folder, inner, book.id):
        assert people.call("owner", "GET", f"{FILES}/{key}").status_code == 404


def test_a_folder_is_no_spreadsheet(people: Any) -> None:
    """Sheets says so, Drive exports nothing, the page is not there."""
    folder = make(people, "folder", mimeType=FOLDER)
    answer = people.call("owner", "GET", f"/v4/spreadsheets/{folder}")
    assert answer.json()["error"] == {
        "code": 400,
        "message": "This operation is not supported for this document",
        "status": "FAILED_PRECONDITION",
    }
    assert people.call("owner", "GET", f"{FILES}/{folder}/export?mimeType=text/csv").status_code == 403
    assert people.call("owner", "POST", f"{FILES}/{folder}/copy", {}).status_code == 403
    assert people.call("owner", "GET", f"/spreadsheets/d/{folder}/edit").status_code == 400
    answer = people.call("owner", "POST", FILES, {"name": "x", "parents": [make(people, "no folder")]})
    assert (answer.status_code, refusal(answer)["reason"]) == (403, "parentNotAFolder")


def test_the_bin_is_emptied_of_ones_own(people: Any, name: str) -> None:
    """files.update with trashed, files.emptyTrash."""
    mine, others = make(people, name, "writer"), make(people, name)
    for who, key in (("writer", mine), ("owner", others)):
        assert people.call(who, "PATCH", f"{FILES}/{key}", {"trashed": True}).ok
    assert ids(people, f"name='{name}' and trashed=false") == []
    assert people.call("writer", "DELETE", f"{FILES}/trash").status_code == 204
    assert ids(people, f"name='{name}' and trashed=true") == [others]


def test_a_copy_is_the_callers_own(people: Any) -> None:
    """Permissions stay behind; comments come when asked for; it may go into a folder."""
    book = people.shared("original")
    folder = make(people, "theirs", "reader", mimeType=FOLDER)
    assert people.call("owner", "POST", f"{FILES}/{book.id}/comments?fields=id", {"content": "why?"}).ok
    path = f"{FILES}/{book.id}/copy?copyComments=true&fields=id,name,ownedByMe,parents,permissions(role)"
    copied = people.call("reader", "POST", path, {"parents": [folder], "name": "mine"}).json()

    key = copied.pop("id")
    assert copied == {
        "name": "mine", "ownedByMe": True, "parents": [folder], "permissions": [{"role": "owner"}],
    }  # fmt: skip
    listed = people.call("reader", "GET", f"{FILES}/{key}/comments?fields=comments(content)").json()
    assert listed == {"comments": [{"content": "why?"}]}
    plain = people.call("reader", "POST", f"{FILES}/{book.id}/copy?fields=id,name", {}).json()
    assert plain["name"] == "Copy of original"
    assert people.call("reader", "GET", f"{FILES}/{plain['id']}/comments?fields=comments").json() == {
        "comments": []
    }
    assert people.call("owner", "PATCH", f"{FILES}/{book.id}", {"copyRequiresWriterPermission": True}).ok
    assert people.call("reader", "POST", f"{FILES}/{book.id}/copy", {}).status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "body", "code", "reason", "location"),
    [
        ("GET", "?fields=colour", None, 400, "invalidParameter", "fields"),
        ("GET", "?fields=name(x)", None, 400, "invalidParameter", "fields"),
        ("GET", "?alt=media", None, 403, "fileNotDownloadable", "alt"),
        ("GET", "/export", None, 400, "required", "mimeType"),
        ("GET", "/comments", None, 400, "required", "fields"),
        ("GET", "/permissions/12", None, 404, "notFound", "permissionId"),
        ("GET", "/comments/12?fields=id", None, 404, "notFound", "commentId"),
        ("GET", "/revisions/999999", None, 404, "notFound", "revisionId"),
        ("PATCH", "", {"parents": ["root"]}, 403, "fieldNotWritable", None),
        ("PATCH", "", {"id": "other"}, 403, "fieldNotWritable", None),
        ("PATCH", "", {"name": 5}, 400, "invalid", None),
        ("PATCH", "?addParents=nowhere", {}, 404, "notFound", "fileId"),
        ("POST", "/permissions", {"type": "anyone"}, 400, "required", "permission.role"),
        ("POST", "/permissions", {"type": "user", "role": "king"}, 400, "invalid", "permission.role"),
        ("POST", "/permissions", PERSON, 400, "invalid", "permission.emailAddress"),
        ("POST", "/permissions", PERSON | {"type": "domain"}, 400, "invalid", "permission.domain"),
        ("POST", "/comments?fields=id", {}, 400, "required", "comment.content"),
        ("GET", "/listLabels", None, 400, "notSupported", None),
        ("POST", "/watch", {}, 400, "notSupported", None),
        ("GET", "/nothing", None, 404, "notFound", None),
    ],
)  # fmt: skip
def test_errors_have_drives_shape(
    people: Any, method: str, path: str, body: Any, code: int, reason: str, location: str | None
) -> None:
    """A list of errors with domain, reason, message, and where the fault is."""
    key = make(people, "one")
    answer = people.call("owner", method, f"{FILES}/{key}{path}", body)
    assert answer.status_code == code, answer.text
    one = refusal(answer)
    assert (one["reason"], one.get("location")) == (reason, location)


def test_what_is_not_there_is_named(people: Any) -> None:
    """A file, and a method that Google has and this server has not."""
    missing = people.call("owner", "GET", f"{FILES}/nowhere")
    assert refusal(missing) == {
        "domain": "global", "reason": "notFound", "message": "File not found: nowhere.",
        "locationType": "parameter", "location": "fileId",
    }  # fmt: skip
    changes = people.call("owner", "GET", "/drive/v3/changes/startPageToken")
    assert changes.status_code == 400
    assert "drive.changes.getStartPageToken is not supported" in refusal(changes)["message"]
    wrong_token = people.server.call("GET", FILES, headers={"Authorization": "Bearer wrong"})
    assert wrong_token.status_code == 401
    assert refusal(wrong_token)["reason"] == "authError"


# permissions --------------------------------------------------------------------------------------------


def test_a_file_says_who_changed_it_last(people: Any) -> None:
    """Also when that is not its owner; looking changes nothing."""
    key = make(people, "whose hand")
    people.call(
        "owner",
        "POST",
        f"{FILES}/{key}/permissions",
        PERSON | {"role": "writer", "emailAddress": people.email("writer")},
    )

    def changer() -> str:
        answer = people.call("owner", "GET", f"{FILES}/{key}", params={"fields": "lastModifyingUser"})
        return str(answer.json()["lastModifyingUser"]["emailAddress"])

    assert changer() == people.email("owner")
    body = {"values": [["x"]]}
    people.call("writer", "PUT", f"/v4/spreadsheets/{key}/values/A1?valueInputOption=RAW", body)
    people.call("owner", "GET", f"/v4/spreadsheets/{key}/values/A1")
    assert changer() == people.email("writer")


def test_a_file_is_given_away(people: Any) -> None:
    """By its owner, who says so, and who may write from then on."""
    key = make(people, "for the writer", "writer")
    path = f"{FILES}/{key}/permissions"
    given = {"type": "user", "role": "owner", "emailAddress": "reader@example.com"}
    without = people.call("writer", "POST", path, given)
    assert (without.status_code, refusal(without)["location"]) == (403, "transferOwnership")
    assert people.call("writer", "POST", f"{path}?transferOwnership=true", given).ok

    roles = {
        item["emailAddress"]: item["role"]
        for item in people.call("writer", "GET", f"{path}?fields=permissions(emailAddress,role)").json()[
            "permissions"
        ]
    }
    assert roles == {"reader@example.com": "owner", "writer@example.com": "writer"}
    again = people.call("writer", "POST", f"{path}?transferOwnership=true", given | {"emailAddress": "a@b.c"})
    assert again.status_code == 403
    assert people.call("writer", "DELETE", f"{FILES}/{key}").status_code == 403
    owners = people.call("reader", "GET", f"{path}?fields=permissions(id,role)").json()["permissions"][0]
    assert people.call("writer", "DELETE", f"{path}/{owners['id']}").status_code == 403


def test_writers_share_unless_they_may_not(people: Any) -> None:
    """writersCanShare; a reader can leave by themselves."""
    book = people.shared()
    path = f"{FILES}/{book.id}/permissions"
    given = {"type": "user", "role": "reader", "emailAddress": "stranger@example.com"}
    assert people.call("owner", "PATCH", f"{FILES}/{book.id}", {"writersCanShare": False}).ok
    assert people.call("writer", "POST", path, given).status_code == 403
    assert people.call("writer", "PATCH", f"{FILES}/{book.id}", {"writersCanShare": True}).status_code == 403
    assert people.call("owner", "PATCH", f"{FILES}/{book.id}", {"writersCanShare": True}).ok
    assert people.call("writer", "POST", path, given).ok

    about = people.call("stranger", "GET", "/drive/v3/about?fields=user(permissionId)").json()
    mine = f"{path}/{about['user']['permissionId']}"
    assert people.call("reader", "DELETE", mine).status_code == 403
    assert people.call("stranger", "DELETE", mine).status_code == 204
    assert people.call("stranger", "GET", f"{FILES}/{book.id}").status_code == 404


# comments -----------------------------------------------------------------------------------------------


def test_comments_have_authors_and_replies(people: Any) -> None:
    """A reply settles a comment; only its author changes it; the owner may take it away."""
    book: gspread.Spreadsheet = people.shared()
    path = f"{FILES}/{book.id}/comments"
    given = {"content": "<b>why?</b>", "anchor": "A1", "quotedFileContent": {"value": "42"}}
    made = people.call("commenter", "POST", f"{path}?fields=*", given).json()
    assert made["author"]["displayName"] == "commenter"
    assert made["author"]["me"]
    assert made["htmlContent"] == "&lt;b&gt;why?&lt;/b&gt;"
    one = f"{path}/{made['id']}"

    answer = people.call("writer", "POST", f"{one}/replies?fields=*", {"content": "so", "action": "resolve"})
    reply = answer.json()
    seen = people.call("reader", "GET", f"{one}?fields=resolved,author(me),replies(content,author)").json()
    assert seen["resolved"]
    assert seen["author"] == {"me": False}
    assert seen["replies"][0]["author"]["emailAddress"] == "writer@example.com"

    other = {"content": "because"}
    assert people.call("writer", "PATCH", f"{one}?fields=id", other).status_code == 403
    assert people.call("commenter", "PATCH", f"{one}?fields=content", other).json() == other
    assert (
        people.call("commenter", "PATCH", f"{one}/replies/{reply['id']}?fields=id", other).status_code == 403
    )
    assert people.call("writer", "DELETE", one).status_code == 403
    assert people.call("owner", "DELETE", f"{one}/replies/{reply['id']}").status_code == 204
    assert people.call("owner", "DELETE", one).status_code == 204
    assert people.call("owner", "GET", f"{one}?fields=id").status_code == 404
    kept = people.call("owner", "GET", f"{one}?fields=deleted,content,id&includeDeleted=true").json()
    assert kept == {"deleted": True, "id": made["id"]}
