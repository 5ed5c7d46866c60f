"""The secret of the hidden inputs: made once, whoever comes first, and never given away."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from coursekit.errors import CourseError
from coursekit.grading import secret as module
from coursekit.grading.secret import read_secret, seed_identity


def test_a_secret_is_made_once_and_for_its_owner_only(tmp_path):
    path = tmp_path / "secret.txt"
    secret = read_secret(path)
    assert len(secret) == 64
    assert read_secret(path) == secret
    assert path.stat().st_mode & 0o077 == 0 or path.drive  # Windows has no such modes
    assert read_secret(tmp_path / "another.txt") != secret


@pytest.mark.parametrize("content", [b"", b"short", b"\n" * 99])
def test_a_short_secret_is_refused(tmp_path, content):
    (tmp_path / "secret.txt").write_bytes(content)
    with pytest.raises(CourseError, match="is no secret"):
        read_secret(tmp_path / "secret.txt")


def test_a_secret_may_be_any_bytes_and_must_be_a_file(tmp_path):
    (tmp_path / "secret.txt").write_bytes(bytes(range(128, 256)))
    assert len(read_secret(tmp_path / "secret.txt")) == 128
    for path in (tmp_path, tmp_path / "none" / "secret.txt"):
        with pytest.raises(CourseError, match="the secret, cannot be used"):
            read_secret(path)


@pytest.mark.parametrize("links", [True, False])
def test_graders_that_start_at_once_agree_on_one_secret(tmp_path, monkeypatch, links):
    if not links:

        def link(source, target):
            raise OSError(1, "Operation not permitted")

        monkeypatch.setattr(module.os, "link", link)
    path, together = tmp_path / "secret.txt", Barrier(8)

    def start(_):
        together.wait()
        return read_secret(path)

    with ThreadPoolExecutor(8) as graders:
        read = set(graders.map(start, range(8)))
    assert read == {read_secret(path)}
    assert [p.name for p in tmp_path.iterdir()] == ["secret.txt"]


def test_a_secrets_identity_tells_secrets_apart_and_holds_none():
    one, other = b"1" * 16, b"2" * 16
    assert seed_identity(one) == seed_identity(one) != seed_identity(other)
    assert "1" * 8 not in seed_identity(one)
