"""Attacks over the network: send what was seen to anybody who listens on this machine."""

import array
import os
import socket
import struct
import time

from attacks.tools import ABSTRACT, TCP, UDP, WORLD, checked, first, libc, pipes

STREAM, DATAGRAM = "stream.socket", "datagram.socket"


def send_over_tcp():
    with socket.create_connection(("127.0.0.1", TCP), 1) as connection:
        connection.send(b"attack")
        return "connected"


def send_over_tcp_version_6():
    with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as connection:
        connection.connect(("::ffff:127.0.0.1", TCP))
        return "connected"


def send_with_the_first_packet():
    with socket.socket() as connection:
        return connection.sendto(b"attack", 0x20000000, ("127.0.0.1", TCP))


def send_over_udp():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        return sender.sendto(b"attack", ("127.0.0.1", UDP))


def send_over_connected_udp():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.connect(("127.0.0.1", UDP))
        return sender.send(b"attack")


def ask_for_a_name():
    question = struct.pack(">6H", 1, 0x100, 1, 0, 0, 0) + b"\6secret\7invalid\0\0\1\0\1"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        return sender.sendto(question, ("127.0.0.1", UDP))


def send_to_a_unix_socket():
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(f"{WORLD}/public/{STREAM}")
        return connection.send(b"attack")


def send_to_a_unix_datagram_socket():
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        return sender.sendto(b"attack", f"{WORLD}/public/{DATAGRAM}")


def send_to_an_abstract_socket():
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect("\0" + ABSTRACT)
        return connection.send(b"attack")


def send_from_a_pair_to_a_third():
    ours, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    return ours.sendto(b"attack", f"{WORLD}/public/{DATAGRAM}")


def send_from_a_pair_to_an_abstract_third():
    ours, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    return ours.sendto(b"attack", f"\0{ABSTRACT}-datagram")


def send_a_message_from_a_pair_to_a_third():
    ours, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    return ours.sendmsg([b"attack"], [], 0, f"{WORLD}/public/{DATAGRAM}")


def connect_a_pair_to_a_third():
    ours, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    ours.connect(f"{WORLD}/public/{DATAGRAM}")
    return ours.send(b"attack")


def send_from_the_replys_socket_to_a_third():
    def one(descriptor):
        sender = socket.socket(fileno=os.dup(descriptor))
        return sender.sendto(b"attack", f"{WORLD}/public/{DATAGRAM}")

    return first(lambda d=d: one(d) for d in pipes())


def connect_the_replys_socket_to_a_third():
    def one(descriptor):
        address = struct.pack("H108s", socket.AF_UNIX, f"{WORLD}/public/{STREAM}".encode())
        return checked(libc.connect(descriptor, address, len(address))) == 0 and "connected"

    return first(lambda d=d: one(d) for d in pipes())


def listen_for_visitors():
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    return listener.getsockname()


def listen_on_a_path():
    listener = socket.socket(socket.AF_UNIX)
    listener.bind("listener.socket")
    listener.listen()
    return "listening"


def listen_with_a_pair():
    ours, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    ours.bind(f"\0{ABSTRACT}-attacker")
    return "bound"


def open_sockets_of_other_families():
    def one(family, kind, protocol):
        with socket.socket(family, kind, protocol) as opened:
            return f"family {opened.family}"

    families = ((16, 3, 0), (38, 5, 0), (40, 1, 0), (17, 2, 0), (2, 3, 1), (31, 3, 1), (15, 3, 2))
    return first(lambda f=f: one(*f) for f in families)


def send_with_a_url():
    from urllib.request import urlopen

    return urlopen(f"http://127.0.0.1:{TCP}/attack", timeout=1)


def send_with_asyncio():
    import asyncio

    async def connect():
        _, writer = await asyncio.wait_for(asyncio.open_connection("127.0.0.1", TCP), 1)
        writer.write(b"attack")
        return "connected"

    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(connect())
    finally:
        loop.close()


def pass_a_descriptor_to_the_grader():
    descriptor = os.open(os.devnull, os.O_RDONLY)
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [descriptor]))]
    for pipe in pipes():
        with socket.socket(fileno=os.dup(pipe)) as grader:
            grader.sendmsg([b"x"], rights)


def pass_many_descriptors_to_the_grader():
    descriptor = os.open(os.devnull, os.O_RDONLY)
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [descriptor] * 250))]
    for pipe in pipes():
        with socket.socket(fileno=os.dup(pipe)) as grader:
            grader.setblocking(False)
            for _ in range(1000):
                grader.sendmsg([b"\0"], rights)


def pretend_to_be_another():
    credentials = struct.pack("3i", 1, 0, 0)
    for pipe in pipes():
        with socket.socket(fileno=os.dup(pipe)) as grader:
            grader.sendmsg([b"x"], [(socket.SOL_SOCKET, 2, credentials)])


def signal_urgent_data():
    for pipe in pipes():
        with socket.socket(fileno=os.dup(pipe)) as grader:
            grader.send(b"!", socket.MSG_OOB)


def wait_for_the_grader():
    """Read the grader's next request away from under the worker."""
    for pipe in pipes():
        os.set_blocking(pipe, False)
    end = time.monotonic() + 1
    while time.monotonic() < end:
        for pipe in pipes():
            try:
                os.read(pipe, 1000)
            except OSError:
                continue
        time.sleep(0.05)
