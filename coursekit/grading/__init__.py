"""Grade notebooks: inputs go into the student's process, plain values come out.

References, seeds and comparison stay in the grader's process. `protocol` says what
travels, `worker` is the student's side, `process` starts and stops it, `grade` judges one
notebook; `classroom` makes a result of a notebook's bytes. For a whole class, `finding`
and `archive` find the notebooks, `executors` and `cluster` say where they are graded,
`store` keeps the results, `gradebook` writes them down, and `run` is the command.
"""
