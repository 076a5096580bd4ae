"""Text files as people save them: encodings, delimiters, packings, damage."""

import gzip
import lzma
import zipfile

import pytest

from opsline.imports.errors import NothingToRead, UnreadableFile
from opsline.imports.source import open_source

TEXT = "单号,标题,受理时间\n1,发票抬头错误,2026-11-23 09:00\n2,退款未到账,2026-11-23 10:00\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_chinese_text_is_read_in_every_common_encoding(write, encoding):
    """Excel in China saves CSV as GB18030, Google as UTF-8, Excel elsewhere with a mark."""
    source = open_source(write(TEXT, encoding=encoding))
    rows = list(source.rows("file"))

    assert source.encoding == encoding
    assert rows[0] == ["单号", "标题", "受理时间"]
    assert rows[1][1] == "发票抬头错误"


def test_western_text_is_not_taken_for_chinese(write):
    """Single accents stand beside plain letters; Chinese characters stand in pairs of high bytes."""
    source = open_source(write("name;city\nRenée;Orléans\nJosé;Málaga\n", encoding="cp1252"))

    assert (source.encoding, source.delimiter) == ("cp1252", ";")
    assert list(source.rows("file"))[1] == ["Renée", "Orléans"]


def test_a_character_late_in_the_file_decides_too(write):
    """The first megabyte may be plain ASCII."""
    text = "a,b\n" + "1,2\n" * 400_000 + "é,2\n"

    assert open_source(write(text, encoding="cp1252")).encoding == "cp1252"
    assert open_source(write(text, encoding="utf-8")).encoding == "utf-8"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_makes_even_rows(write, delimiter):
    """Commas inside quoted text do not count."""
    lines = [("id", "title"), ("1", '"late, again"'), ("2", "plain")]
    text = "\n".join(delimiter.join(line) for line in lines)

    assert open_source(write(text)).delimiter == delimiter


def test_packed_files_are_unpacked(tmp_path):
    """.xz, .gz and a .zip of one file, told by their first bytes and not by their names."""
    (tmp_path / "a.bin").write_bytes(lzma.compress(TEXT.encode()))
    (tmp_path / "b.bin").write_bytes(gzip.compress(TEXT.encode()))
    with zipfile.ZipFile(tmp_path / "c.bin", "w") as packed:
        packed.writestr("__MACOSX/x", "")
        packed.writestr("list.csv", TEXT)
    for name in "abc":
        source = open_source(tmp_path / f"{name}.bin")

        assert len(list(source.rows(name))) == 3


def test_a_zip_of_several_files_asks_for_one(tmp_path):
    """Which of them is meant is the person's to say."""
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as packed:
        packed.writestr("a.csv", TEXT)
        packed.writestr("b.csv", TEXT)
    with pytest.raises(NothingToRead, match="holds 2 files"):
        open_source(tmp_path / "c.zip")


@pytest.mark.parametrize(
    "content",
    [lzma.compress(TEXT.encode() * 1000)[:-40], b"PK\x03\x04 torn", b"\xd0\xcf\x11\xe0 torn"],
    ids=["half an xz", "half a zip", "half an xls"],
)
def test_a_damaged_file_is_one_sentence(tmp_path, content):
    """Not a traceback: the file, what is wrong, what to do."""
    path = tmp_path / "torn"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match="torn cannot be read"):
        list(open_source(path).rows("torn"))


def test_an_empty_or_absent_file_is_one_sentence(tmp_path):
    """The two commonest slips."""
    (tmp_path / "empty.csv").touch()
    with pytest.raises(NothingToRead, match="empty"):
        open_source(tmp_path / "empty.csv")
    with pytest.raises(UnreadableFile, match="No such file"):
        open_source(tmp_path / "absent.csv")


def test_null_bytes_and_broken_bytes_lose_no_row(tmp_path):
    """A program that pads with zeros, and one that cut a character in two."""
    path = tmp_path / "odd.csv"
    path.write_bytes(
        "id,title\n1,a\0b\n2,发票\n3,c\n".encode("gb18030").replace("票".encode("gb18030"), b"\x81")
    )

    assert len(list(open_source(path).rows("odd"))) == 4
