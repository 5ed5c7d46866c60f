"""Grade notebooks: inputs go into the student's process, plain values come out.

References, seeds and comparison stay in the grader's process. `protocol` says what
travels, `worker` is the student's side, `process` starts and stops it, `grade` judges one
notebook, `classroom` many, `gradebook` writes the result down.
"""
