"""Google's quotas, kept by all processes of the machine together: no window ever holds too many."""

import subprocess
import sys
from types import SimpleNamespace

import pytest

from sheets_schema.book import Change
from sheets_schema.book.quota import MINUTE, PROJECT, USER, Bucket, Quota, quota_of
from sheets_schema.errors import QuotaFault

WORKER = """
import sys, time
from pathlib import Path
from sheets_schema.book.quota import Bucket, Quota
quota = Quota((), (Bucket(Path(sys.argv[1]), 7, 0.5),))
for _ in range(int(sys.argv[2])):
    while (wait := quota.take("write")) > 0:
        time.sleep(wait)
    print(repr(time.time()))
"""


class Clock:
    """A time that a test sets; a sleep lets it pass."""

    def __init__(self):
        self.now, self.slept = 1_800_000_000.0, []

    def __call__(self):
        """Return the time."""
        return self.now

    def sleep(self, seconds):
        """Let time pass."""
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def quota(tmp_path, clock):
    """A user's writes, 60 a minute, and a project's, 100."""
    writes = (Bucket(tmp_path / "user", 60), Bucket(tmp_path / "project", 100))
    return Quota((Bucket(tmp_path / "reads", 60),), writes, clock=clock)


def fullest(moments, seconds):
    """Return how many moments the fullest window of some seconds holds."""
    return max(sum(start <= other < start + seconds for other in moments) for start in moments)


def test_no_minute_holds_more_than_its_quota(quota, clock):
    """A bucket that refills by the second would let 120 go in the minute after a quiet one."""
    gone = []
    for number in range(500):
        clock.now += (number * 7919 % 13) / 10
        while (wait := quota.take("write")) > 0:
            clock.sleep(wait)
        gone.append(clock.now)
    assert fullest(gone, 60) == 60


def test_several_processes_together_keep_the_quota(tmp_path):
    """4 processes, 12 requests each, 7 in half a second: counted by the wall clock, less what it jitters."""
    command = [sys.executable, "-c", WORKER, str(tmp_path / "bucket"), "12"]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    gone = [float(line) for process in running for line in process.communicate(timeout=60)[0].splitlines()]
    assert len(gone) == 48
    assert max(gone) - min(gone) >= 0.5 * (48 // 7) * 0.9
    assert fullest(sorted(gone), 0.4) <= 7


def test_a_process_that_is_killed_takes_no_room_with_it(tmp_path):
    """The ring lies in a file and the lock ends with its holder."""
    path = tmp_path / "bucket"
    with subprocess.Popen(
        [sys.executable, "-c", WORKER, str(path), "100"], stdout=subprocess.PIPE, text=True
    ) as one:
        one.stdout.readline()
        one.kill()
    command = [sys.executable, "-c", WORKER, str(path), "8"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert len(done.stdout.splitlines()) == 8


def test_reads_and_writes_have_buckets_of_their_own(quota):
    """60 writes leave all reads."""
    for _ in range(60):
        assert quota.take("write") == 0
    assert quota.take("write") == pytest.approx(MINUTE)
    assert quota.take("read") == 0


def test_users_of_one_project_share_its_bucket(tmp_path, clock):
    """The second user is held back by what the first has used of the project."""
    project = Bucket(tmp_path / "project", 100)
    one, other = (Quota((), (Bucket(tmp_path / name, 60), project), clock=clock) for name in ("one", "other"))
    assert [one.take("write") for _ in range(60)] == [0] * 60
    assert [other.take("write") for _ in range(40)] == [0] * 40
    assert other.take("write") > 0
    assert Quota((), (Bucket(tmp_path / "other", 60),), clock=clock).take("write") == 0


def test_a_refusal_that_comes_all_the_same_empties_the_bucket(quota, clock):
    """Another machine uses the same key: there is no room now, and again one request a second."""
    assert quota.take("write") == 0
    quota.refused("write")
    wait = quota.take("write")
    assert wait == pytest.approx(MINUTE / 60)
    clock.now += wait
    assert quota.take("write") == 0
    assert quota.take("write") == pytest.approx(MINUTE / 60)


def test_a_clock_that_was_set_back_stops_nobody_for_longer_than_a_minute(quota, clock):
    """Moments of the future count as now."""
    for _ in range(60):
        quota.take("write")
    clock.now -= 3600
    assert quota.take("write") <= MINUTE


def test_a_key_has_the_buckets_of_its_user_and_of_its_project(tmp_path):
    """Google's numbers: 60 and 300, reads and writes apart; two accounts of a project share the project's."""
    folder = tmp_path / "quota"
    for name in ("a", "b"):
        account = SimpleNamespace(service_account_email=f"{name}@p.example", project_id="p")
        quota = quota_of(account, folder)
        quota.take("read")
        quota.take("write")
    assert (USER, PROJECT) == (60, 300)
    assert len(list(folder.glob("user-*"))) == 4
    assert len(list(folder.glob("project-*"))) == 2
    assert folder.stat().st_mode & 0o077 == 0


def test_what_cannot_be_kept_holds_nobody_back(tmp_path, clock):
    """A full disk: Google's refusals are handled anyway."""
    assert Quota((), (Bucket(tmp_path / "gone" / "x", 1),), clock=clock).take("write") == 0


def test_a_book_waits_for_room_and_is_never_refused(small_book, now, tmp_path, clock, calls):
    """7 saves, 3 writes a minute: the book waits twice, and sends 7 requests."""
    small_book.client.buckets = Quota((), (Bucket(tmp_path / "w", 3, 60),), clock=clock)
    small_book.client._sleep = clock.sleep
    counted = calls(small_book)
    for number in range(7):
        small_book.save(
            [Change("tickets", {"subject": f"s{number}"}, id="T-1")], who="E02", source="t", now=now
        )
    assert counted.sent.count("POST :batchUpdate") == 7
    assert [round(wait) for wait in clock.slept] == [60, 60]


def test_who_cannot_wait_so_long_is_told_how_long(small_book, now, tmp_path, clock):
    """A page waits 5 s and no longer; nothing was sent."""
    small_book.client.buckets = Quota((), (Bucket(tmp_path / "w", 1, 60),), clock=clock)
    change = Change("tickets", {"subject": "x"}, id="T-1")
    small_book.save([change], who="E02", source="t", now=now)
    before = small_book.version()
    other = Change("tickets", {"subject": "y"}, id="T-1")
    with small_book.client.within(5), pytest.raises(QuotaFault, match="try again in 60 s"):
        small_book.save([other], who="E02", source="t", now=now)
    assert small_book.version() == before
