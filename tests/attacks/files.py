"""Attacks on files: read secrets and answers, change what is not the notebook's, fill the disk."""

import ctypes
import glob
import mmap
import os
import shutil
import tempfile

from attacks.tools import COURSE, GRADER, NAME, VICTIMS, WORLD, canary, descriptors, first, libc

from attacks.tools import own_folder, read, syscall  # isort: skip


def read_a_secret_file_of_the_graders():
    return read(f"{WORLD}/private/secret.txt")


def read_a_file_that_anybody_may_read():
    return read(f"{WORLD}/public/secret.txt")


def read_the_seeds_secret():
    return read(f"{WORLD}/out/secret.txt")


def read_the_gradebook():
    return read(f"{WORLD}/out/gradebook.json")


def read_another_students_notebook():
    return first(
        lambda path=path: read(path, 5000)
        for path in (f"{WORLD}/submissions/honest/01_definition.ipynb",)
    )


def list_the_class():
    return os.listdir(f"{WORLD}/submissions")


def scan_the_class():
    with os.scandir(f"{WORLD}/submissions") as entries:
        return [entry.name for entry in entries]


def list_the_home_folders():
    return os.listdir("/home") + os.listdir(f"{WORLD}/home/.ssh")


def read_the_ssh_key():
    return first(
        lambda path=path: read(path)
        for path in (f"{WORLD}/home/.ssh/id_canary", os.path.expanduser("~/.ssh/id_canary"))
    )


def read_the_users():
    return read("/etc/passwd")


def read_the_passwords():
    return read("/etc/shadow")


def read_with_ctypes():
    descriptor = libc.open(f"{WORLD}/public/secret.txt".encode(), 0)
    buffer = ctypes.create_string_buffer(100)
    return libc.read(descriptor, buffer, 100) > 0 and buffer.value


def read_with_a_raw_system_call():
    path = f"{WORLD}/public/secret.txt".encode()
    return os.read(syscall("openat", -100, path, 0, 0), 100)


def read_with_openat2():
    how = (ctypes.c_uint64 * 3)(0, 0, 0)
    path = f"{WORLD}/public/secret.txt".encode()
    return os.read(syscall("openat2", -100, path, ctypes.byref(how), 24), 100)


def read_through_an_o_path_descriptor():
    descriptor = os.open(f"{WORLD}/public/secret.txt", os.O_PATH)
    return read(f"/proc/self/fd/{descriptor}")


def read_through_an_o_path_folder():
    folder = os.open(f"{WORLD}/public", os.O_PATH | os.O_DIRECTORY)
    return os.read(os.open("secret.txt", os.O_RDONLY, dir_fd=folder), 100)


def read_through_inherited_folders():
    import stat

    return first(
        lambda folder=folder: os.read(
            os.open(f"../../../../../../{WORLD}/public/secret.txt", os.O_RDONLY, dir_fd=folder), 99
        )
        for folder in descriptors(stat.S_ISDIR)
    )


def read_files_left_open():
    import stat

    def outside(descriptor):
        name = os.readlink(f"/proc/self/fd/{descriptor}")
        return name if not name.startswith((os.getcwd(), "/dev/", "/memfd", "/proc")) else ""

    return first(lambda d=d: outside(d) for d in descriptors(stat.S_ISREG, stat.S_ISDIR))


def read_through_a_symlink():
    os.symlink(f"{WORLD}/public/secret.txt", "link.txt")
    return read("link.txt")


def read_after_a_change_of_folder():
    os.chdir(f"{WORLD}/public")
    return read("secret.txt")


def read_after_a_change_of_root():
    os.chroot(".")
    return first(lambda up="../" * n: read(f"{up}{WORLD}/public/secret.txt") for n in (8, 16))


def read_by_file_handle():
    handle = (ctypes.c_char * 136).from_buffer(bytearray((128).to_bytes(4, "little") + bytes(132)))
    mount = ctypes.c_int()
    path = f"{WORLD}/public/secret.txt".encode()
    syscall("name_to_handle_at", -100, path, handle, ctypes.byref(mount), 0)
    folder = os.open(".", os.O_RDONLY)
    return os.read(syscall("open_by_handle_at", folder, handle, 0), 100)


def read_through_a_hard_link():
    os.link(f"{WORLD}/public/secret.txt", "hard-link.txt")
    return read("hard-link.txt")


def read_by_mapping():
    descriptor = os.open(f"{WORLD}/public/secret.txt", os.O_RDONLY)
    return mmap.mmap(descriptor, 0, prot=mmap.PROT_READ)[:100]


def read_by_copying():
    return shutil.copyfile(f"{WORLD}/public/secret.txt", "copy.txt") and read("copy.txt")


def read_with_numpy():
    import numpy as np

    return np.fromfile(f"{WORLD}/public/secret.txt", np.uint8, 100).tobytes()


def read_with_a_magic():
    from IPython import get_ipython

    return get_ipython().find_user_code(f"{WORLD}/public/secret.txt")


def read_through_linecache():
    import linecache

    return linecache.getlines(f"{WORLD}/public/secret.txt")


def read_the_graders_environment():
    return first(
        lambda process=process: read(f"/proc/{process}/environ", 10_000)
        for process in (GRADER, os.getppid(), "thread-self/../..", *VICTIMS)
    )


def read_the_graders_command():
    return first(
        lambda process=process: read(f"/proc/{process}/cmdline", 5000)
        for process in (GRADER, *VICTIMS)
    )


def read_the_graders_memory():
    return first(
        lambda process=process: os.pread(os.open(f"/proc/{process}/mem", 0), 8, 0x400000)
        for process in (GRADER, os.getppid(), *VICTIMS)
    )


def read_the_graders_maps():
    return first(
        lambda process=process: read(f"/proc/{process}/maps")
        for process in (GRADER, os.getppid(), *VICTIMS)
    )


def reach_the_graders_files():
    return first(
        lambda process=process, where=where: os.listdir(f"/proc/{process}/{where}")
        for process in (GRADER, os.getppid(), *VICTIMS)
        for where in ("fd", "cwd", "root", "map_files")
    )


def read_through_the_graders_root():
    return first(
        lambda process=process: read(f"/proc/{process}/root{WORLD}/public/secret.txt")
        for process in ("self", GRADER, os.getppid())
    )


def read_the_own_environment():
    found = dict(os.environ), _read_own()
    return "canary-" in repr(found) and found


def _read_own():
    try:
        return read("/proc/self/environ", 10_000)
    except OSError:
        return b""


def read_the_kernels_log():
    buffer = ctypes.create_string_buffer(100)
    return syscall("syslog", 3, buffer, 100) and buffer.value


def read_the_exercises():
    return read(f"{COURSE}/coursekit/exercises/_01_definition.py")


def list_the_exercises():
    return os.listdir(f"{COURSE}/coursekit/exercises")


def read_the_compiled_exercises():
    return first(
        lambda path=path: read(path)
        for path in glob.glob(f"{COURSE}/coursekit/exercises/__pycache__/*.pyc") or ["/nowhere"]
    )


def read_the_solutions():
    return first(
        lambda name=name: read(f"{COURSE}/{name}")
        for name in (
            *("solutions/01_definition.md", "solutions/01_definition.ipynb"),
            *("tests/references.py", ".git/HEAD", "docs/index.md"),
        )
    )


def load_the_exercises_by_path():
    from importlib.util import module_from_spec, spec_from_file_location

    path = f"{COURSE}/coursekit/exercises/_01_definition.py"
    spec = spec_from_file_location("answers", path)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.EXERCISES


def load_the_exercises_with_a_loader():
    from importlib.machinery import SourceFileLoader

    path = f"{COURSE}/coursekit/exercises/_01_definition.py"
    return SourceFileLoader("answers", path).get_code("answers")


def load_the_exercises_past_the_hook():
    import sys

    sys.meta_path[:] = [f for f in sys.meta_path if "coursekit" not in repr(type(f))]
    import coursekit.exercises

    return coursekit.exercises.every()


def load_the_exercises_with_the_path_finder():
    import sys
    from importlib.machinery import PathFinder
    from importlib.util import module_from_spec

    import coursekit

    spec = PathFinder.find_spec("coursekit.exercises", coursekit.__path__)
    module = sys.modules["coursekit.exercises"] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.every()


def load_the_exercises_from_leftovers():
    import sys

    return [name for name in sys.modules if name.startswith("coursekit.exercises")]


def load_the_exercises_as_data():
    import pkgutil

    return pkgutil.get_data("coursekit", "exercises/_01_definition.py")


def load_the_exercises_as_a_resource():
    from importlib.resources import files

    return (files("coursekit") / "exercises" / "_01_definition.py").read_bytes()


def run_the_exercises_as_a_program():
    import runpy

    return runpy.run_path(f"{COURSE}/coursekit/exercises/_01_definition.py")


def load_the_exercises_from_an_archive():
    import sys
    import zipfile

    with zipfile.ZipFile("answers.zip", "w") as archive:
        archive.write(f"{COURSE}/coursekit/exercises/_01_definition.py", "answers.py")
    sys.path.insert(0, "answers.zip")
    import answers

    return answers.EXERCISES


def load_the_judge():
    import coursekit.judge

    return coursekit.judge.judge


def load_the_in_notebook_check():
    from coursekit.student import verdict_on

    return verdict_on


def compile_the_exercises_into_the_cache():
    import py_compile

    source = f"{COURSE}/coursekit/exercises/_01_definition.py"
    return py_compile.compile(source, cfile="answers.pyc", doraise=True)


def write_into_the_course():
    for name in ("coursekit/attacked.py", "attacked.pth"):
        path = f"{COURSE}/{name}"
        descriptor = os.open(path, os.O_CREAT | os.O_WRONLY)
        os.unlink(path)
        return descriptor


def write_into_the_installed_packages():
    import numpy as np

    path = os.path.join(os.path.dirname(os.path.dirname(np.__file__)), "attacked.pth")
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY)
    os.unlink(path)
    return descriptor


def overwrite_a_file():
    with open(canary(), "w") as file:
        return file.write("changed")


def append_to_a_file():
    with open(canary(), "a") as file:
        return file.write("changed")


def truncate_a_file():
    os.truncate(canary(), 0)


def remove_a_file():
    os.remove(canary())


def rename_a_file():
    os.rename(canary(), f"{canary()}.renamed")


def replace_a_file_by_our_own():
    with open("own.txt", "w") as file:
        file.write("changed")
    os.replace("own.txt", canary())


def move_a_file_to_us():
    os.rename(canary(), "stolen.txt")


def exchange_two_files():
    with open("own.txt", "w") as file:
        file.write("changed")
    libc.renameat2(-100, b"own.txt", -100, canary().encode(), 2)


def change_a_mode():
    first(
        [
            lambda: os.chmod(canary(), 0o777),
            lambda: syscall("fchmodat2", -100, canary().encode(), 0o777, 0),
        ]
    )


def change_a_mode_by_descriptor():
    os.fchmod(os.open(canary(), os.O_RDONLY), 0o777)


def change_an_owner():
    os.chown(canary(), os.getuid(), os.getgid())


def change_a_time():
    os.utime(canary(), (0, 0))


def change_an_attribute():
    os.setxattr(canary(), "user.attack", b"changed")


def make_a_file():
    with open(f"{canary()}.new", "w") as file:
        return file.write("new")


def make_a_folder():
    os.mkdir(f"{canary()}.folder")


def make_a_symlink():
    os.symlink("/etc/passwd", f"{canary()}.symlink")


def make_a_hard_link():
    os.link(canary(), f"{canary()}.hard-link")


def make_a_fifo():
    os.mkfifo(f"{canary()}.fifo")


def make_a_device():
    os.mknod("null", 0o20666, os.makedev(1, 3))
    return "device"


def lock_a_file():
    import fcntl

    descriptor = os.open(canary(), os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return descriptor


def watch_a_folder():
    descriptor = syscall("inotify_init1", 0)
    return libc.inotify_add_watch(descriptor, f"{WORLD}/out".encode(), 0xFFF) > 0


def plant_a_symlink_where_the_grader_writes():
    for name in ("gradebook.csv", ".gradebook.csv.new", "feedback", "results"):
        try:
            os.symlink(f"{WORLD}/public/secret.txt", f"{WORLD}/out/planted-{name}")
        finally:
            pass


def plant_a_symlink_where_the_grader_cleans_up():
    os.symlink(f"{WORLD}/canaries", "link to a folder")
    os.symlink(canary(), "link to a file")
    os.mkdir("closed", 0o300)
    os.symlink(f"{WORLD}/canaries", "closed/link to a folder")
    os.symlink("link to a folder", "link to a link")


def replace_the_own_folder_by_a_symlink():
    own = own_folder()
    os.chdir("/")
    shutil.rmtree(own)
    os.symlink(f"{WORLD}/canaries", own)


def remove_the_own_folder():
    own = own_folder()
    os.chdir("/")
    shutil.rmtree(own)


def rename_the_own_folder():
    own = own_folder()
    os.rename(own, f"{own}-{NAME}")


def make_folders_that_nobody_can_open():
    for mode in (0, 0o100, 0o200, 0o300, 0o400, 0o500):
        path = f"mode-{mode:o}"
        os.mkdir(path)
        os.makedirs(f"{path}/inside/inside")
        with open(f"{path}/inside/file", "w") as file:
            file.write("x")
        os.close(os.open(f"{path}/closed", os.O_CREAT | os.O_WRONLY, 0))
        try:
            os.chmod(f"{path}/inside", mode)
            os.chmod(path, mode)
        except OSError:
            os.mkdir(f"{path}/closed folder", mode)


def close_the_own_folder():
    own_folder()
    os.umask(0o777)
    os.mkdir("closed")
    os.chmod(".", 0)


def make_many_files():
    for number in range(20_000):
        os.close(os.open(f"file-{number}", os.O_CREAT | os.O_WRONLY))


def make_deep_folders():
    for _ in range(3_000):
        os.mkdir("deeper")
        os.chdir("deeper")


def make_names_that_are_hard_to_remove():
    for name in (b"\xff\xfe", b"-rf", b"new\nline", b"\x1b[2J", b"x" * 255, "σ".encode()):
        os.mkdir(name)
        os.close(os.open(name + b"/" + name, os.O_CREAT | os.O_WRONLY))


def make_a_file_of_10_gb():
    with open("large", "wb") as file:
        file.seek(10**10)
        return file.write(b"end")


def reserve_a_file_of_10_gb():
    descriptor = os.open("reserved", os.O_CREAT | os.O_WRONLY)
    os.truncate(descriptor, 10**10)
    return 10**10


def write_200_mb():
    with open("real", "wb") as file:
        for _ in range(200):
            file.write(bytes(10**6))


def leave_files_in_shared_folders():
    return first(
        lambda folder=folder: open(f"{folder}/{NAME}-{GRADER}-attacked", "w").write("left")
        for folder in ("/dev/shm", "/tmp", "/var/tmp", f"{WORLD}/temp")
    )


def leave_files_in_the_temporary_folder():
    descriptor, path = tempfile.mkstemp(prefix=f"{NAME}-")
    os.write(descriptor, b"left")
    tempfile.mkdtemp(prefix=f"{NAME}-")
    return not os.path.realpath(path).startswith(os.path.realpath(os.getcwd())) and path


def leave_files_in_the_home_folder():
    for name in (".bashrc", ".ipython", ".config", "notes"):
        with open(os.path.expanduser(f"~/{name}-{NAME}"), "w") as file:
            file.write("left")


def open_the_terminal():
    return os.open("/dev/tty", os.O_RDWR) + 1


def write_to_the_kernels_settings():
    return first(
        lambda path=path: os.open(path, os.O_WRONLY)
        for path in (
            *("/proc/sys/kernel/hostname", "/proc/sysrq-trigger", "/dev/kmsg", "/dev/mem"),
            *(f"/proc/{GRADER}/oom_score_adj", f"/proc/{GRADER}/comm", "/sys/power/state"),
        )
    )
