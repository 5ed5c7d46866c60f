"""Attacks on processes: start some, kill, stop, watch or slow down others, outlive the grading.

Whatever is started ends by itself after 20 seconds. Others are asked with signal 0 whether
they could be signalled before anything is sent to them.
"""

import ctypes
import os
import resource
import signal
import subprocess
import sys
import threading
import time

from attacks.tools import GRADER, VICTIMS, checked, descriptors, first, libc, pipes, syscall


def _linger():
    """Be a process that is left behind, for 20 s at most."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            time.sleep(1)
        except BaseException:
            continue
    os._exit(0)


def _may_signal(*processes):
    """Return the processes that could be signalled; hit those that could."""
    reached = []
    for process in processes:
        if abs(process) <= 1:  # 0 and -1 are whole crowds
            continue
        try:
            os.kill(process, 0)
        except OSError:
            continue
        reached.append(process)
        os.kill(process, signal.SIGUSR1)
    return reached


def start_a_process_that_stays():
    if os.fork() == 0:
        _linger()


def start_a_daemon():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            _linger()
        os._exit(0)


def start_a_daemon_that_holds_the_pipe():
    if os.fork() == 0:
        os.setsid()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        _linger()
    os._exit(0)


def bomb_with_20_forks():
    for _ in range(20):
        if os.fork() == 0:
            os.setsid()
            _linger()


def fork_with_libc():
    if checked(libc.fork()) == 0:
        _linger()


def fork_with_vfork():
    process = checked(libc.vfork())
    if process == 0:
        libc._exit(0)
    return process


def fork_with_a_raw_clone():
    if syscall("clone", 17, 0, 0, 0, 0) == 0:
        _linger()


def fork_with_clone3():
    arguments = (ctypes.c_uint64 * 8)(0, 0, 0, 0, 17, 0, 0, 0)
    if syscall("clone3", ctypes.byref(arguments), 64) == 0:
        _linger()


def clone_with_a_parent_of_its_own():
    if syscall("clone", 0x8000 | 17, 0, 0, 0, 0) == 0:  # CLONE_PARENT: the zygote's child
        _linger()


def run_a_program():
    done = subprocess.run(["/bin/sleep", "0"], capture_output=True)
    return done.returncode == 0 and "ran"


def run_a_shell():
    return os.system("exit 7") == 7 * 256 and "ran"


def run_a_program_with_a_magic():
    from IPython import get_ipython

    return get_ipython().getoutput("echo ran")


def run_a_program_by_spawn():
    process = os.posix_spawn("/bin/sleep", ["sleep", "20"], {})
    return f"spawned {process}"


def become_another_program():
    os.execv("/bin/sleep", ["sleep", "20"])


def become_another_program_by_descriptor():
    descriptor = os.open("/bin/sleep", os.O_RDONLY)
    arguments = (ctypes.c_char_p * 3)(b"sleep", b"20", None)
    syscall("execveat", descriptor, b"", arguments, None, 0x1000)


def become_a_program_in_memory():
    descriptor = os.memfd_create("program")
    with open("/bin/sleep", "rb") as program:
        os.write(descriptor, program.read())
    os.execve(f"/proc/self/fd/{descriptor}", ["sleep", "20"], {})


def become_the_course_again():
    os.execv(sys.executable, [sys.executable, "-c", "import coursekit.exercises as e; e.every()"])


def start_processes_with_multiprocessing():
    import multiprocessing

    process = multiprocessing.get_context("fork").Process(target=_linger, daemon=True)
    process.start()
    return "started"


def use_a_pool_of_processes():
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(1) as pool:
        return pool.submit(abs, -1).result(timeout=2)


def leave_threads_behind():
    def spin():
        end = time.monotonic() + 20
        while time.monotonic() < end:
            pass

    for _ in range(2):
        threading.Thread(target=spin).start()


def make_threads_without_end():
    started = 0
    for _ in range(3000):
        threading.Thread(target=time.sleep, args=(20,), daemon=True).start()
        started += 1
    return started


def kill_the_grader():
    return _may_signal(GRADER)


def kill_the_parent():
    return os.getppid() > 1 and _may_signal(os.getppid())


def kill_the_graders_group():
    return first(lambda p=p: _may_signal(-os.getpgid(p)) for p in (GRADER, os.getppid(), *VICTIMS))


def kill_everybody():
    os.kill(-1, 0)
    return "could"


def kill_the_own_group():
    others = os.getpgid(0) != os.getpid()
    os.killpg(0, signal.SIGUSR1 if others else 0)


def kill_bystanders():
    return _may_signal(*VICTIMS)


def kill_by_process_descriptor():
    def one(process):
        descriptor = syscall("pidfd_open", process, 0)
        syscall("pidfd_send_signal", descriptor, 0, 0, 0)
        return "could"

    return first(lambda p=p: one(p) for p in (GRADER, *VICTIMS))


def kill_by_raw_calls():
    return first(
        lambda call=call, p=p: syscall(call, *((p, p, 0) if call == "tgkill" else (p, 0))) == 0
        for call in ("tgkill", "tkill")
        for p in (GRADER, os.getppid(), *VICTIMS)
    )


def queue_a_signal():
    information = (ctypes.c_int * 32)(signal.SIGURG, 0, -1)
    return first(
        lambda p=p: syscall("rt_sigqueueinfo", p, signal.SIGURG, information) == 0 and "sent"
        for p in (GRADER, *VICTIMS)
    )


def let_the_kernel_send_a_signal():
    import fcntl
    import socket

    ours, theirs = socket.socketpair()
    for process in (GRADER, *VICTIMS):
        fcntl.fcntl(ours, fcntl.F_SETOWN, process)
        fcntl.fcntl(ours, fcntl.F_SETSIG, signal.SIGUSR1)
        fcntl.fcntl(ours, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
        theirs.send(b"x")


def let_the_kernel_signal_over_the_replys_pipe():
    import fcntl

    for descriptor in pipes():
        for process in (GRADER, *VICTIMS):
            fcntl.fcntl(descriptor, fcntl.F_SETOWN, process)
            fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGUSR1)
            fcntl.fcntl(descriptor, fcntl.F_SETFL, fcntl.fcntl(descriptor, fcntl.F_GETFL) | 0o20000)


def let_the_kernel_signal_through_a_pipe():
    import fcntl
    import struct

    receiver, sender = os.pipe()
    for process in (GRADER, *VICTIMS):
        fcntl.fcntl(receiver, 15, struct.pack("ii", 1, process))  # F_SETOWN_EX
        fcntl.fcntl(receiver, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
        os.write(sender, b"x")


def attach_to_others():
    return first(
        lambda p=p, request=request: _attached(p, request)
        for p in VICTIMS
        for request in (16, 0x4206)
    )


def _attached(process, request):
    """Attach to a process of the test and let it go on."""
    syscall("ptrace", request, process, 0, 0)
    if request == 16:
        os.waitpid(process, 0)
        syscall("ptrace", 17, process, 0, 0)
    return f"attached to {process}"


def be_traced_by_the_parent():
    syscall("ptrace", 0, 0, 0, 0)
    return "PTRACE_TRACEME"


def read_the_memory_of_others():
    buffer = ctypes.create_string_buffer(8)
    own = (ctypes.c_void_p * 2)(ctypes.addressof(buffer), 8)
    other = (ctypes.c_void_p * 2)(0x400000, 8)
    return first(
        lambda p=p: syscall("process_vm_readv", p, own, 1, other, 1, 0)
        for p in (GRADER, os.getppid(), *VICTIMS)
    )


def take_a_descriptor_of_another():
    return first(
        lambda p=p, d=d: syscall("pidfd_getfd", syscall("pidfd_open", p, 0), d, 0)
        for p in (GRADER, os.getppid(), *VICTIMS)
        for d in (0, 3)
    )


def compare_with_the_grader():
    return syscall("kcmp", os.getpid(), GRADER, 0, 0, 0) >= 0 and "compared"


def limit_others():
    return first(lambda p=p: resource.prlimit(p, resource.RLIMIT_NOFILE, (3, 3)) for p in VICTIMS)


def read_the_limits_of_others():
    return first(
        lambda p=p: resource.prlimit(p, resource.RLIMIT_NOFILE) for p in (GRADER, *VICTIMS)
    )


def raise_the_own_limits():
    for name in ("RLIMIT_AS", "RLIMIT_FSIZE", "RLIMIT_CPU", "RLIMIT_NOFILE"):
        resource.setrlimit(getattr(resource, name), (resource.RLIM_INFINITY,) * 2)
    return "unlimited"


def slow_others_down():
    return first(
        lambda p=p: os.setpriority(os.PRIO_PROCESS, p, 15) or f"slowed {p}" for p in VICTIMS
    )


def reschedule_others():
    return first(
        lambda p=p: os.sched_setscheduler(p, os.SCHED_IDLE, os.sched_param(0)) or f"idled {p}"
        for p in VICTIMS
    )


def move_others_to_one_core():
    return first(lambda p=p: os.sched_setaffinity(p, {0}) or f"moved {p}" for p in VICTIMS)


def change_the_disk_priority_of_others():
    return first(
        lambda p=p: syscall("ioprio_set", 1, p, 3 << 13) == 0 and f"idled {p}" for p in VICTIMS
    )


def become_root():
    os.setresuid(0, 0, 0)
    return os.getuid() == 0 and "root"


def regain_rights_in_a_namespace():
    syscall("unshare", 0x10000000)
    return "a user namespace"


def use_io_uring():
    parameters = ctypes.create_string_buffer(120)
    return syscall("io_uring_setup", 8, parameters)


def use_bpf():
    attributes = (ctypes.c_uint32 * 32)(2, 4, 4, 1)
    return syscall("bpf", 0, attributes, 128)


def use_perf():
    attributes = (ctypes.c_uint32 * 28)(1, 112)
    return syscall("perf_event_open", attributes, GRADER, -1, -1, 0)


def use_userfaultfd():
    return syscall("userfaultfd", 0)


def leave_shared_memory():
    return f"segment {syscall('shmget', 0x5C0A, 4096, 0o1600)}"


def leave_a_message_queue():
    return f"queue {syscall('msgget', 0x5C0A, 0o1600)}"


def leave_a_posix_queue():
    return f"queue {syscall('mq_open', b'attacked', 0o102, 0o600, 0)}"


def leave_a_key():
    key = syscall("add_key", b"user", b"attacked", b"left", 4, -4)
    syscall("keyctl", 15, key, 20)  # it is gone after 20 s
    return f"key {key}"


def use_32_bit_calls():
    """Ask in the old way for a socket: number 359 of i386 is no call that x86-64 counts."""
    import mmap
    import platform

    if platform.machine() != "x86_64":
        return ""
    code = bytes.fromhex("53b867010000bb01000000b90100000031d2cd805bc3")
    memory = mmap.mmap(-1, 4096, prot=7)
    memory.write(code)
    call = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(memory)))
    result = call()
    return result >= 0 and f"a socket, {result}"


def use_x32_calls():
    """Ask for a socket with the bit of the x32 interface set, which changes the number only."""
    import platform

    if platform.machine() != "x86_64":
        return ""
    return checked(libc.syscall(0x40000000 | 41, 1, 1, 0))


def share_the_pipe_with_a_stranger():
    for descriptor in descriptors(lambda mode: True):
        os.set_inheritable(descriptor, True)
    process = os.posix_spawn("/bin/sleep", ["sleep", "20"], {}, setsid=True)
    return f"spawned {process}"
