"""Grade notebooks: inputs go into the student's process, plain values come out.

References, seeds and comparison stay in the grader's process. Imports point down this list.

- ``run``: the command. ``exam``: whether a teacher's can be graded. ``finding``, ``archive``: what
  was handed in. ``store``: results on disk.
- ``executors``, ``cluster``: in this process, in a pool, on Dask. ``classroom``: bytes to a result.
- ``grade``: one notebook. ``session``: its cells in a worker. ``spawn``: where workers come from.
- ``process``: the grader's end of a worker. ``zygote``, ``child``, ``worker``: the student's side.
- ``sandbox``: what confines a worker. ``protocol``: what travels. ``doctor``: what is there.
- ``results``: what came out. ``gradebook``, ``export``, ``junit``: tables for other programs.
- ``report``, ``feedback``, ``notes``, ``pages``, ``tally``, ``outline``: pages.
- ``files``, ``writing``, ``scratch``, ``secret``: files that appear whole, safe names, leftovers.
"""
