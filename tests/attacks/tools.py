"""What attacks have at hand; this text is also the first cell of every attacking notebook.

The world that the attacks aim at is set below it by the test: its folder, ports and processes,
which all belong to the test.
"""

import ctypes
import os
import platform
import stat

WORLD = ""  # the folder with everything that must not be read or changed
GRADER = 0  # the process id of the grader
VICTIMS = ()  # process ids of bystanders, one of them of the worker's own user where we can
TCP = UDP = 0  # ports on 127.0.0.1 that listen
ABSTRACT = ""  # the abstract name on which a unix socket listens
COURSE = ""  # the folder of the course's source
NAME = ""  # the attack's own name

SYSTEM_CALLS = {
    "x86_64": {
        **{"ptrace": 101, "syslog": 103, "unshare": 272, "shmget": 29, "msgget": 68},
        **{"add_key": 248, "keyctl": 250, "inotify_init1": 294, "perf_event_open": 298},
        **{"name_to_handle_at": 303, "open_by_handle_at": 304, "process_vm_readv": 310},
        **{"kcmp": 312, "bpf": 321, "userfaultfd": 323, "ioprio_set": 251, "openat": 257},
        **{"tgkill": 234, "tkill": 200, "rt_sigqueueinfo": 129, "setxattr": 188, "clone": 56},
        **{"mq_open": 240, "execveat": 322, "sched_setscheduler": 144, "mknodat": 259},
    },
    "aarch64": {
        **{"ptrace": 117, "syslog": 116, "unshare": 97, "shmget": 194, "msgget": 186},
        **{"add_key": 217, "keyctl": 219, "inotify_init1": 26, "perf_event_open": 241},
        **{"name_to_handle_at": 264, "open_by_handle_at": 265, "process_vm_readv": 270},
        **{"kcmp": 272, "bpf": 280, "userfaultfd": 282, "ioprio_set": 30, "openat": 56},
        **{"tgkill": 131, "tkill": 130, "rt_sigqueueinfo": 138, "setxattr": 5, "clone": 220},
        **{"mq_open": 180, "execveat": 281, "sched_setscheduler": 119, "mknodat": 33},
    },
}
NEWER_CALLS = {  # these have one number everywhere
    **{"pidfd_send_signal": 424, "io_uring_setup": 425, "pidfd_open": 434, "clone3": 435},
    **{"openat2": 437, "pidfd_getfd": 438, "fchmodat2": 452},
}

libc = ctypes.CDLL(None, use_errno=True)


def told(attempt):
    """Make an attempt and return what became of it, as a wrong answer that a verdict shows."""
    try:
        found = attempt()
    except BaseException as problem:
        return f"refused: {type(problem).__name__} {problem}"[:90]
    if found is None:
        return "tried"
    return f"REACHED {found!r}"[:300] if found else "refused: nothing there"


def syscall(name, *arguments):
    """Call the kernel past all libraries."""
    numbers = SYSTEM_CALLS[platform.machine()] | NEWER_CALLS
    return checked(libc.syscall(numbers[name], *arguments))


def checked(result):
    """Return what a C function returned, or raise its error."""
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def canary():
    """Return the path of the file that this attack must not touch; anybody may write it."""
    return f"{WORLD}/canaries/{NAME}.txt"


def descriptors(*kinds):
    """Return the open descriptors above stderr that are of a kind, such as stat.S_ISSOCK."""
    found = []
    for descriptor in range(3, 256):
        try:
            mode = os.fstat(descriptor).st_mode
        except OSError:
            continue
        if any(kind(mode) for kind in kinds):
            found.append(descriptor)
    return found


def pipes():
    """Return the descriptors that may lead to the grader."""
    return descriptors(stat.S_ISSOCK, stat.S_ISFIFO)


def read(path, size=200):
    """Return the beginning of a file by the plainest means."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return os.read(descriptor, size)
    finally:
        os.close(descriptor)


def first(attempts):
    """Return the first thing that one of several attempts gives; raise the last one's error."""
    problem = None
    for attempt in attempts:
        try:
            found = attempt()
        except BaseException as error:
            problem = error
        else:
            if found:
                return found
    if problem is not None:
        raise problem
    return b""


def own_folder():
    """Return the folder that we run in, if it is one made for us in the test's world."""
    folder = os.getcwd()
    if not os.path.realpath(folder).startswith(os.path.realpath(f"{WORLD}/temp") + "/"):
        raise RuntimeError(f"not going to touch {folder}")
    return folder
