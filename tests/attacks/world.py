"""The world that attacks aim at: secrets, canaries, listeners and bystanders, all of the test's."""

import ctypes
import hashlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import submissions as hand

ROOT = Path(__file__).parents[2]
CACHES = {".cache", ".config", ".ipython", ".matplotlib"}  # a grader may keep these at home
SUBREAPER = 36  # of prctl: orphans among our descendants become our children
NOBODY = 65534
SHARED = ("/dev/shm", "/tmp", "/var/tmp")


class World:
    """Everything that an attack could read, change, reach or leave behind."""

    def __init__(self, folder: Path, owner: int, attacks) -> None:
        self.folder, self.owner = folder, owner
        self.canaries: list[str] = []
        self.abstract = f"coursekit-{secrets.token_hex(8)}"
        self._children_before = children()
        self._make_files(attacks)
        self._listen()
        self.victims = [self._bystander(uid) for uid in dict.fromkeys((owner, NOBODY))]
        if os.getuid() == 0:
            self._hand_over()

    def canary(self) -> str:
        """Return a new secret text that must turn up nowhere."""
        self.canaries.append(f"canary-{secrets.token_hex(8)}")
        return self.canaries[-1]

    def _make_files(self, attacks) -> None:
        self.folder.chmod(0o755)
        for name in ("private", "public", "out", "home/.ssh", "cwd", "temp", "canaries"):
            (self.folder / name).mkdir(parents=True)
        self._write("private/secret.txt", 0o600)
        self._write("public/secret.txt", 0o644)
        self._write("home/.ssh/id_canary", 0o600)
        self._write("out/gradebook.json", 0o644)
        self._write("temp/canary.txt", 0o644)
        self.secret = self._write("out/secret.txt", 0o600)
        for attack in attacks:
            self._write(f"canaries/{attack.name}.txt", 0o666)
        for name in ("out", "canaries"):
            (self.folder / name).chmod(0o777)
        (self.folder / "temp").chmod(0o1777)

    def _write(self, name: str, mode: int) -> Path:
        path = self.folder / name
        path.write_text(self.canary() + "\n", "utf-8")
        path.chmod(mode)
        return path

    def hand_in(self, attacks, grader: int, folder: str) -> None:
        """Write the notebooks, which aim at one grader."""
        for attack in attacks:
            notebook = attack.notebook(self._setting(attack.name, grader))
            hand.hand_in(self.folder / folder, attack.name, notebook)
        honest = hand.before(hand.solved(), f"# {self.canary()}")
        hand.hand_in(self.folder / folder, "honest", honest)
        if os.getuid() == 0:
            self._hand_over()

    def _setting(self, name: str, grader: int) -> str:
        values = {
            "WORLD": str(self.folder),
            "GRADER": grader,
            "VICTIMS": tuple(victim.pid for victim in self.victims),
            "TCP": self.tcp.getsockname()[1],
            "UDP": self.udp.getsockname()[1],
            "ABSTRACT": self.abstract,
            "COURSE": str(ROOT),
            "NAME": name,
        }
        return "\n".join(f"{name} = {value!r}" for name, value in values.items())

    def _hand_over(self) -> None:
        for path in (self.folder, *self.folder.rglob("*")):
            os.chown(path, self.owner, self.owner, follow_symlinks=False)

    def _listen(self) -> None:
        self.tcp = _listener(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0))
        self.udp = _listener(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0))
        public = self.folder / "public"
        unix = (
            (socket.SOCK_STREAM, str(public / "stream.socket")),
            (socket.SOCK_DGRAM, str(public / "datagram.socket")),
            (socket.SOCK_STREAM, f"\0{self.abstract}"),
            (socket.SOCK_DGRAM, f"\0{self.abstract}-datagram"),
        )
        self.unix = [_listener(socket.AF_UNIX, kind, address) for kind, address in unix]
        for name in ("stream.socket", "datagram.socket"):
            (public / name).chmod(0o777)

    def received(self) -> list[str]:
        """Return what came in on the listeners."""
        came = []
        for listener in (self.tcp, self.udp, *self.unix):
            with suppress(BlockingIOError):
                if listener.type == socket.SOCK_STREAM:
                    connection, _ = listener.accept()
                    came.append(f"a connection to {listener.getsockname()!r}")
                    connection.close()
                else:
                    came.append(f"{listener.recv(1000)!r} to {listener.getsockname()!r}")
        return came

    def _bystander(self, uid: int) -> "subprocess.Popen[bytes]":
        user = {"user": uid, "group": uid, "extra_groups": []} if os.getuid() == 0 else {}
        return subprocess.Popen(
            ["sleep", "600"], start_new_session=True, env={"CANARY": self.canary()}, **user
        )

    def bystanders(self) -> list[dict[str, object]]:
        """Return the condition of the bystanders: whether they live, their priority, limits."""
        return [condition(victim.pid) for victim in self.victims if victim.poll() is None]

    def files(self) -> dict[str, tuple[object, ...]]:
        """Return everything about all files that must stay as they are."""
        found: dict[str, tuple[object, ...]] = {}
        try:
            paths = sorted(self.folder.rglob("*"))
        except (RecursionError, OSError) as error:
            return {"folders that cannot be listed": (type(error).__name__,)}
        for path in paths:
            relative = path.relative_to(self.folder)
            if CACHES.isdisjoint(relative.parts) and not relative.match("out/report-*.json"):
                found[str(relative)] = _about(path)
        return found

    def strays(self) -> list[str]:
        """Return the processes left behind by the graders, which became our children."""
        mine = self._children_before | {victim.pid for victim in self.victims}
        end = time.monotonic() + 5
        while left := sorted(children() - mine):
            for process in left:
                with suppress(ChildProcessError):
                    os.waitpid(process, os.WNOHANG)
            if time.monotonic() > end:
                break
            time.sleep(0.05)
        told = [_command(process) for process in left]
        for process in left:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
                os.waitpid(process, 0)
        return told

    def left_in_shared_folders(self) -> list[str]:
        """Return the files that attacks left where all processes may write."""
        left = [path for folder in SHARED for path in Path(folder).glob("*-attacked")]
        for path in left:
            path.unlink()
        return list(map(str, left))

    def close(self) -> None:
        """End the bystanders, close the listeners and remove the folder."""
        for victim in self.victims:
            victim.kill()
            victim.wait()
        for listener in (self.tcp, self.udp, *self.unix):
            listener.close()
        for command in (["chmod", "-R", "u+rwx"], ["rm", "-rf"]):
            subprocess.run([*command, str(self.folder)], check=False, capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)


def adopt_orphans() -> None:
    """Become the parent of all orphans among our descendants, so that none escapes."""
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)


def children() -> set[int]:
    """Return our child processes, adopted ones included."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            stat = (folder / "stat").read_text("utf-8", "replace")
            if int(stat.rpartition(")")[2].split()[1]) == os.getpid():
                found.add(int(folder.name))
    return found


def condition(process: int) -> dict[str, object]:
    """Return what others could change about a process."""
    folder = Path(f"/proc/{process}")
    stat = (folder / "stat").read_text("utf-8").rpartition(")")[2].split()
    status = (folder / "status").read_text("utf-8").splitlines()
    traced = next(line for line in status if line.startswith("TracerPid"))
    return {
        "state": "stopped" if stat[0] in "Tt" else "alive",
        "nice": os.getpriority(os.PRIO_PROCESS, process),
        "policy": os.sched_getscheduler(process),
        "cores": sorted(os.sched_getaffinity(process)),
        "limits": (folder / "limits").read_text("utf-8"),
        "traced": traced,
        "score": (folder / "oom_score_adj").read_text("utf-8"),
    }


def kept_by_the_kernel() -> str:
    """Return the shared memory, message queues and semaphores that outlive processes."""
    return "\n".join(
        sorted(
            line.split(maxsplit=2)[0] + " " + line.split(maxsplit=2)[1]
            for name in ("shm", "msg", "sem")
            for line in Path(f"/proc/sysvipc/{name}").read_text("utf-8").splitlines()[1:]
        )
    )


def forget_in_the_kernel() -> None:
    """Remove what an attack that succeeded left there."""
    for tool in (["-M", "0x5c0a"], ["-Q", "0x5c0a"]):
        with suppress(FileNotFoundError):
            subprocess.run(["ipcrm", *tool], check=False, capture_output=True)
    ctypes.CDLL(None).mq_unlink(b"/attacked")


def _listener(family: int, kind: int, address) -> socket.socket:
    listener = socket.socket(family, kind)
    listener.bind(address)
    if kind == socket.SOCK_STREAM:
        listener.listen(64)
    listener.setblocking(False)
    return listener


def _about(path: Path) -> tuple[object, ...]:
    facts = path.lstat()
    content = ""
    if path.is_symlink():
        content = str(path.readlink())
    elif path.is_file():
        content = hashlib.sha256(path.read_bytes()).hexdigest()
    names = tuple(os.listxattr(path, follow_symlinks=False)) if hasattr(os, "listxattr") else ()
    time_changed = 0 if path.is_dir() else facts.st_mtime_ns
    return oct(facts.st_mode), facts.st_uid, facts.st_nlink, time_changed, content, names


def _command(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return "a process that ended"


def python_as(uid: int) -> list[str] | None:
    """Return the words that start our Python as another user, or None where we cannot."""
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return None
    start = [setpriv, f"--reuid={uid}", f"--regid={uid}", "--clear-groups"]
    reading = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    for words in (start, start + reading):  # a home or a checkout may be closed to others
        test = [*words, sys.executable, "-c", "import coursekit.cli"]
        if subprocess.run(test, cwd="/", capture_output=True, check=False).returncode == 0:
            return words
    return None
