"""What a student's process may do on Linux: compute, and use one empty folder.

`kernel` calls the kernel; `landlock` confines files, `seccomp` everything else that a
program may ask of the kernel, `privileges` the user and what can be used up. `cage` puts
them around a process; `policy` decides whether what a machine offers is enough to grade.

Neither Landlock nor seccomp is enough alone. Landlock does not stop a UDP datagram, a
signal on older kernels, or a change of a file's mode; seccomp sees numbers, not paths.
"""
