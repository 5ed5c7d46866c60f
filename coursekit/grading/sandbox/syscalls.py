"""System calls by name, with their numbers on x86-64 and aarch64 (``-`` where there is none).

The numbers are the kernel's, from ``asm/unistd.h``; they never change. What is in no table here
does not exist for a notebook: it fails with ENOSYS, also when a new kernel brings it.
"""

import platform

# What Python, NumPy and Matplotlib need to compute and to use the files that Landlock leaves.
ALLOWED = """
# files
read 0 63, write 1 64, readv 19 65, writev 20 66, pread64 17 67, pwrite64 18 68, preadv 295 69,
pwritev 296 70, preadv2 327 286, pwritev2 328 287, lseek 8 62, open 2 -, openat 257 56,
close 3 57, close_range 436 436, dup 32 23, dup2 33 -, dup3 292 24, pipe 22 -, pipe2 293 59,
stat 4 -, lstat 6 -, fstat 5 80, newfstatat 262 79, statx 332 291, statfs 137 43, fstatfs 138 44,
access 21 -, faccessat 269 48, faccessat2 439 439, readlink 89 -, readlinkat 267 78,
getdents64 217 61, getcwd 79 17, chdir 80 49, fchdir 81 50, creat 85 -, mkdir 83 -,
mkdirat 258 34, rmdir 84 -, unlink 87 -, unlinkat 263 35, rename 82 -, renameat 264 38,
renameat2 316 276, link 86 -, linkat 265 37, symlink 88 -, symlinkat 266 36, truncate 76 45,
ftruncate 77 46, fallocate 285 47, fsync 74 82, fdatasync 75 83, sync_file_range 277 84,
flock 73 32, umask 95 166, fadvise64 221 223, sendfile 40 71, copy_file_range 326 285
# memory
mmap 9 222, munmap 11 215, mremap 25 216, mprotect 10 226, madvise 28 233, brk 12 214,
msync 26 227, mlock 149 228, munlock 150 229, membarrier 324 283
# own signals and timers
rt_sigaction 13 134, rt_sigprocmask 14 135, rt_sigreturn 15 139, rt_sigpending 127 136,
rt_sigsuspend 130 133, rt_sigtimedwait 128 137, sigaltstack 131 132, pause 34 -, alarm 37 -,
getitimer 36 102, setitimer 38 103, restart_syscall 219 128
# waiting
poll 7 -, ppoll 271 73, select 23 -, pselect6 270 72, epoll_create 213 -, epoll_create1 291 20,
epoll_ctl 233 21, epoll_wait 232 -, epoll_pwait 281 22, epoll_pwait2 441 441, eventfd 284 -,
eventfd2 290 19, timerfd_create 283 85, timerfd_settime 286 86, timerfd_gettime 287 87,
recvfrom 45 207, shutdown 48 210, getsockname 51 204, getpeername 52 205, getsockopt 55 209
# threads
futex 202 98, get_robust_list 274 100, set_robust_list 273 99, rseq 334 293,
set_tid_address 218 96, sched_yield 24 124, sched_getaffinity 204 123, sched_getparam 143 121,
sched_getscheduler 145 120, sched_get_priority_max 146 125, sched_get_priority_min 147 126,
getpriority 140 141
# clocks and facts
clock_gettime 228 113, clock_getres 229 114, clock_nanosleep 230 115, nanosleep 35 101,
gettimeofday 96 169, time 201 -, times 100 153, getrusage 98 165, getrandom 318 278,
sysinfo 99 179, uname 63 160, getcpu 309 168, getpid 39 172, getppid 110 173, gettid 186 178,
getuid 102 174, geteuid 107 175, getgid 104 176, getegid 108 177, getresuid 118 148,
getresgid 120 150, getgroups 115 158, getpgid 121 155, getpgrp 111 -, getsid 124 156,
getrlimit 97 163, capget 125 90, arch_prctl 158 -, wait4 61 260, waitid 247 95, exit 60 93,
exit_group 231 94
"""

# What student code might try, refused with EPERM so that its error says what happened.
REFUSED = """
# other programs
fork 57 -, vfork 58 -, execve 59 221, execveat 322 281
# other processes
ptrace 101 117, process_vm_readv 310 270, process_vm_writev 311 271, pidfd_open 434 434,
pidfd_send_signal 424 424, pidfd_getfd 438 438, tkill 200 130, rt_sigqueueinfo 129 138,
rt_tgsigqueueinfo 297 240, setsid 112 157, setpgid 109 154, setpriority 141 140,
sched_setscheduler 144 119, sched_setparam 142 118, sched_setattr 314 274,
sched_setaffinity 203 122, ioprio_set 251 30, setrlimit 160 164
# the network
socket 41 198, connect 42 203, bind 49 200, listen 50 201, accept 43 202, accept4 288 242,
sendmsg 46 211, sendmmsg 307 269, recvmsg 47 212, recvmmsg 299 243, setsockopt 54 208
# the marks of files
chmod 90 -, fchmod 91 52, fchmodat 268 53, chown 92 -, fchown 93 55, lchown 94 -,
fchownat 260 54, utime 132 -, utimes 235 -, utimensat 280 88, futimesat 261 -, setxattr 188 5,
lsetxattr 189 6, fsetxattr 190 7, mknod 133 -, mknodat 259 33
# identity and mounts
chroot 161 51, mount 165 40, umount2 166 39, pivot_root 155 41, unshare 272 97, setns 308 268,
setuid 105 146, setgid 106 144, setreuid 113 145, setregid 114 143, setresuid 117 147,
setresgid 119 149, setfsuid 122 151, setfsgid 123 152, setgroups 116 159, capset 126 91,
personality 135 92
"""

# What is allowed or refused by its arguments, in `seccomp`.
EXAMINED = """
# examined
clone 56 220, kill 62 129, tgkill 234 131, ioctl 16 29, fcntl 72 25, prctl 157 167,
prlimit64 302 261, socketpair 53 199, sendto 44 206
"""

# Audit architecture and table column by machine.
MACHINES = {"x86_64": (0xC000003E, 1), "aarch64": (0xC00000B7, 2)}


def numbers(table: str) -> dict[str, int]:
    """Return the numbers of a table's calls on this machine.

    >>> numbers("read 0 63, write 1 64")["write"] in (1, 64)
    True
    """
    column = MACHINES[platform.machine()][1]
    lines = (line for line in table.splitlines() if not line.startswith("#"))
    rows = [entry.split() for line in lines for entry in line.split(",") if entry.strip()]
    return {row[0]: int(row[column]) for row in rows if row[column] != "-"}
