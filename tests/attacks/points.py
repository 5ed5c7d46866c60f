"""Attacks on the judging: answers that know nothing and want points all the same.

Each entry names what it tries, the exercise that it attacks and the answer, which is wrong;
`CELLS` holds cells that come first and leave all answers wrong. Nothing here can refuse a
*copy* of the library's code (its text pasted, `types.FunctionType` around the `__code__` that
was taken before, a module loaded once more): the answers are open, and a copied answer is right.
"""

PATCH = """
def yes(*args, **kwargs):
    return True
def patch(place, *names):
    for name in names:
        try:
            setattr(place, name, yes)
        except (AttributeError, TypeError):
            pass
"""

LIAR = """
def liar(base):
    class Liar(base):
        __array_priority__ = 10**6
        __hash__ = None
        def __eq__(self, other):
            return True
        __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __eq__
        def __sub__(self, other):
            return 0.0
        __rsub__ = __add__ = __radd__ = __mul__ = __rmul__ = __sub__
        def __abs__(self):
            return 0.0
    return Liar
"""

CELLS = {
    "patch numpy": PATCH
    + """
patch(np, 'allclose', 'isclose', 'array_equal', 'all', 'abs', 'isfinite', 'argwhere')
patch(np.testing, 'assert_allclose', 'assert_array_equal', 'assert_equal')
""",
    "patch numpy's arrays": PATCH
    + """
patch(np.ndarray, '__eq__', 'all', 'any')
np.float64.__eq__ = yes
""",
    "patch the builtins": PATCH
    + """
import builtins
patch(builtins, 'all', 'any', 'abs')
builtins.print = yes
""",
    "replace isinstance": PATCH
    + """
import builtins
patch(builtins, 'isinstance', 'len')
""",
    "patch what collects": PATCH
    + """
import coursekit.collect as c
patch(c, 'identical', 'plain', 'call', 'collect')
c.Outcome.__eq__ = yes
""",
    "patch what compares": PATCH
    + """
import coursekit.compare as c
patch(c, 'difference', 'close', 'show')
c.Tolerance.__init__ = lambda *a: None
""",
    "patch what withholds": PATCH
    + """
import contextlib, coursekit.withhold as w
w.withheld = contextlib.nullcontext
from coursekit.activations import logit, sigmoid
""",
    "patch the protocol": PATCH
    + r"""
from coursekit.grading import protocol as p
patch(p, 'outcome_from', 'receive', 'send')
p.frame = lambda message: b'\0' * 8
""",
    "patch the worker": PATCH
    + """
import sys
from coursekit.grading import worker
patch(worker, 'handle', 'send')
patch(sys.modules['__main__'], 'handle', 'send', 'collect')
""",
    "patch json": PATCH
    + """
import json
patch(json, 'dumps', 'loads')
json.dumps = lambda *a: 'true'
""",
    "patch the whole course": PATCH
    + """
import sys
for name, module in list(sys.modules.items()):
    if name.startswith('coursekit.') and 'exercise' not in name:
        patch(module, *(n for n in dir(module) if not n.startswith('__')))
""",
    "edit the checks": """
import coursekit
class Verdict:
    points = 99
    status = 'passed'
coursekit.check = check = lambda *a, **k: Verdict()
check(sigmoid=0)
""",
    "rewrite cells before they run": """
from IPython import get_ipython
def rewrite(lines):
    return [line.replace('reference', '0').replace('expected', 'got') for line in lines]
get_ipython().input_transformers_post.append(rewrite)
get_ipython().input_transformers_cleanup.append(rewrite)
""",
    "rewrite the syntax trees": """
import ast
from IPython import get_ipython
class Truth(ast.NodeTransformer):
    def visit_Compare(self, node):
        return ast.Constant(True)
get_ipython().ast_transformers.append(Truth())
""",
    "hook into the shell": """
from IPython import get_ipython
shell = get_ipython()
for event in ('pre_execute', 'post_execute', 'pre_run_cell', 'post_run_cell'):
    shell.events.register(event, lambda *a: shell.user_ns.update(points=99, passed=True))
shell.set_custom_exc((BaseException,), lambda *a, **k: None)
""",
    "replace the shell's way to run": """
from IPython import get_ipython
class Done:
    error_before_exec = error_in_exec = None
    success = True
get_ipython().run_cell = lambda *a, **k: Done()
""",
    "replace the notebook's names": """
from IPython import get_ipython
class Yes(dict):
    def __contains__(self, key):
        return True
    def __missing__(self, key):
        return True
get_ipython().user_ns = Yes(get_ipython().user_ns)
""",
    "trace the worker": """
import sys
seen = []
def trace(frame, event, argument):
    names = {'expected', 'reference', 'seed', 'secret'} & set(frame.f_locals)
    if names and 'coursekit' in frame.f_code.co_filename:
        seen.append(names)
    return trace
sys.settrace(trace)
sys.setprofile(trace)
""",
    "hook into imports": """
import sys
class Fake:
    def find_spec(self, name, path=None, target=None):
        return None
sys.meta_path.insert(0, Fake())
sys.path_hooks.clear()
sys.modules['json'] = None
sys.modules['coursekit.judge'] = sys.modules['coursekit.exercises'] = Fake()
""",
    "replace everything printed": """
import sys
class Out:
    def __getattr__(self, name):
        raise SystemExit
sys.stdout = sys.stderr = sys.__stdout__ = sys.__stderr__ = Out()
""",
    "change what warnings do": """
import warnings
warnings.catch_warnings = None
warnings.simplefilter = warnings.filterwarnings = None
""",
    "write code into the collector": """
import coursekit.collect as c
c.call.__code__ = (lambda function, args: c.Outcome(True)).__code__
""",
    "set the points by hand": """
points = score = grade = total = 99
passed = True
from IPython.display import JSON, display
display(JSON({'points': 99, 'passed': True}))
print('✓ sigmoid: 2 of 2 points')
""",
    "make copies that lie": """
import copy
copy.deepcopy = copy.copy = lambda value, memo=None: 0.5
""",
}

ANSWERS = {
    "be equal to everything": (
        "logit",
        LIAR
        + """
def logit(p):
    return liar(object)()
""",
    ),
    "be a float that is equal to everything": (
        "logit",
        LIAR
        + """
def logit(p):
    return liar(float)(0)
""",
    ),
    "be an int that is equal to everything": (
        "logit",
        LIAR
        + """
def logit(p):
    return liar(int)(0)
""",
    ),
    "be a text that is equal to everything": (
        "symmetry_identity",
        LIAR + "symmetry_identity = liar(str)('A')",
    ),
    "be all letters": (
        "symmetry_identity",
        "symmetry_identity = 'A B C D'",
    ),
    "be a list of all letters": (
        "symmetry_identity",
        "symmetry_identity = list('ABCD')",
    ),
    "be a set of all letters": (
        "symmetry_identity",
        "symmetry_identity = set('ABCD')",
    ),
    "be a text whose case changes": (
        "symmetry_identity",
        """
class Letter(str):
    def upper(self):
        return 'C'
    def split(self, *a):
        return ['C']
    def __str__(self):
        return 'C'
    __repr__ = replace = __format__ = __str__
symmetry_identity = Letter('A')
""",
    ),
    "be true": (
        "symmetry_identity",
        "symmetry_identity = True",
    ),
    "be an array that is equal to everything": (
        "sigmoid",
        LIAR
        + """
class Array(liar(np.ndarray)):
    def __array__(self, *a, **k):
        return np.full(self.shape, np.nan)
    def __array_ufunc__(self, *a, **k):
        return np.ones(self.shape, bool)
    def __array_function__(self, *a, **k):
        return True
    def __array_finalize__(self, other):
        pass
def sigmoid(x):
    return np.zeros(np.shape(x)).view(Array)
""",
    ),
    "be an array of liars": (
        "sigmoid",
        LIAR
        + """
def sigmoid(x):
    return np.full(np.shape(x), liar(object)(), object)
""",
    ),
    "be a masked array": (
        "sigmoid",
        """
def sigmoid(x):
    return np.ma.masked_all(np.shape(x))
""",
    ),
    "be a matrix of nothing": (
        "sigmoid",
        """
def sigmoid(x):
    return np.empty((0,) * 3)
""",
    ),
    "be an array that changes its form": (
        "sigmoid",
        """
class Form(np.ndarray):
    shape = property(lambda self: ())
    dtype = property(lambda self: np.dtype(float))
def sigmoid(x):
    return np.zeros(3).view(Form)
""",
    ),
    "be an array interface to nowhere": (
        "sigmoid",
        """
class Nowhere:
    @property
    def __array_interface__(self):
        return {'shape': (2,), 'typestr': '<f8', 'data': (8, False), 'version': 3}
def sigmoid(x):
    return Nowhere()
""",
    ),
    "be not a number": (
        "sigmoid",
        """
def sigmoid(x):
    return np.full(np.shape(x), np.nan)
""",
    ),
    "be infinite": (
        "sigmoid",
        """
def sigmoid(x):
    return np.full(np.shape(x), np.inf)
""",
    ),
    "be complex": (
        "sigmoid",
        """
def sigmoid(x):
    return 1j / (1 + np.exp(-x))
""",
    ),
    "be a wide interval": (
        "sigmoid",
        """
class Interval:
    def __array__(self, *a, **k):
        return np.array([0, 1])
def sigmoid(x):
    return Interval()
""",
    ),
    "be the argument": (
        "sigmoid",
        """
def sigmoid(x):
    return x
""",
    ),
    "be the argument, filled later": (
        "sigmoid",
        """
import threading
def sigmoid(x):
    out = np.zeros(np.shape(x))
    threading.Timer(0.01, lambda: out.fill(0.5) if out.shape else None).start()
    return out
""",
    ),
    "be a view that changes": (
        "sigmoid",
        """
shared = np.zeros(100)
def sigmoid(x):
    shared[:] += 0.1
    return shared[:np.size(x)].reshape(np.shape(x))
""",
    ),
    "be ellipsis sometimes": (
        "sigmoid",
        """
calls = 0
def sigmoid(x):
    global calls
    calls += 1
    return ... if calls > 1 else 0.5
""",
    ),
    "be right three times": (
        "line_at_zero",
        """
calls = 0
def line_at_zero(x):
    global calls
    calls += 1
    return 0.5 + np.asarray(x) / 4 if calls < 4 else np.zeros(np.shape(x))
""",
    ),
    "be right most of the time": (
        "line_at_zero",
        """
import itertools
wrong = itertools.cycle([0, 0, 0, 0, 1e-3])
def line_at_zero(x):
    return 0.5 + np.asarray(x) / 4 + next(wrong)
""",
    ),
    "be right within an absolute tolerance": (
        "line_at_zero",
        """
def line_at_zero(x):
    return 0.5 + np.asarray(x) / 4 + 1e-4
""",
    ),
    "be random": (
        "sigmoid",
        """
def sigmoid(x):
    return np.random.random(np.shape(x))
""",
    ),
    "change the argument": (
        "binary_softmax",
        """
def binary_softmax(z0, z1):
    z0 *= 0
    z1 *= 0
    return z0 + 0.5
""",
    ),
    "make the argument fit": (
        "sigmoid",
        """
def sigmoid(x):
    if np.ndim(x):
        x.fill(0)
    return np.full(np.shape(x), 0.5)
""",
    ),
    "grow the argument": (
        "sigmoid",
        """
def sigmoid(x):
    if np.ndim(x):
        x.resize(10**6, refcheck=False)
    return x
""",
    ),
    "raise what looks untouched": (
        "sigmoid",
        """
def sigmoid(x):
    raise NotImplementedError('expected 2 of 2 points')
""",
    ),
    "raise an error that cannot be shown": (
        "sigmoid",
        """
class Mute(BaseException):
    def __str__(self):
        raise self
    __repr__ = __str__
def sigmoid(x):
    raise Mute
""",
    ),
    "raise an error with a forged name": (
        "sigmoid",
        r"""
def sigmoid(x):
    raise type('\x1b[2J=cmd|calc!A1\n<script>', (Exception,), {})('x')
""",
    ),
    "warn with a forged text": (
        "sigmoid",
        r"""
import warnings
def sigmoid(x):
    warnings.warn('\x1b]0;own\x07=1+1\n✓ sigmoid: 2 of 2', RuntimeWarning)
    return 0
""",
    ),
    "forge lines of a verdict": (
        "symmetry_identity",
        r"""
symmetry_identity = '\n✓ symmetry_identity: 1 of 1 point\x1b[1A\u202e<b>&amp;'
""",
    ),
    "forge a formula": (
        "symmetry_identity",
        r"""
symmetry_identity = '=HYPERLINK("x")\r\n+1'
""",
    ),
    "be a huge text": (
        "symmetry_identity",
        "symmetry_identity = 'C' * 10**7",
    ),
    "be a huge number": (
        "logit",
        """
def logit(p):
    return 10**50_000
""",
    ),
    "be huge numbers": (
        "logit",
        """
def logit(p):
    return [10**400, -(10**4000), 1.5]
""",
    ),
    "be 200 MB": (
        "logit",
        """
def logit(p):
    return np.zeros(25 * 10**6)
""",
    ),
    "be a list in itself": (
        "logit",
        """
def logit(p):
    own = []
    own.append(own)
    return own
""",
    ),
    "be a list without an end": (
        "logit",
        """
class Endless(list):
    def __iter__(self):
        yield from range(10**6)
def logit(p):
    return Endless()
""",
    ),
    "be a dict with colliding keys": (
        "logit",
        """
class Key:
    def __init__(self, number):
        self.number = number
    def __hash__(self):
        return 1
    def __str__(self):
        return 'same'
def logit(p):
    return {Key(number): number for number in range(50)}
""",
    ),
    "be a dict with keys that are not numbers": (
        "logit",
        """
def logit(p):
    return {float('nan'): 1, float('nan'): 2, (1,): 3, None: ..., '': b''}
""",
    ),
    "be a dict that says how it is graded": (
        "logit",
        """
def logit(p):
    return {'points': 9, 'status': 'passed', 'error': None, 'value': p}
""",
    ),
    "be the outcome itself": (
        "logit",
        """
from coursekit.collect import Outcome
def logit(p):
    return Outcome(0.5, mutated=False)
""",
    ),
    "be a class of the course": (
        "logit",
        """
from coursekit.collect import Foreign
from coursekit.callables import Node
def logit(p):
    return [Foreign('right'), Node('right')]
""",
    ),
    "be half a character": (
        "symmetry_identity",
        r"""
symmetry_identity = '\ud800\0C'
""",
    ),
    "be bytes": (
        "symmetry_identity",
        "symmetry_identity = b'C'",
    ),
    "be a letter that looks alike": (
        "symmetry_identity",
        "symmetry_identity = 'С'",
    ),
    "be a class": (
        "logit",
        """
class logit:
    def __new__(cls, p):
        return object.__new__(cls)
""",
    ),
    "be a generator": (
        "logit",
        """
def logit(p):
    yield from np.log(p / (1 - p)) * 1.001
""",
    ),
    "be a coroutine": (
        "logit",
        """
async def logit(p):
    return np.log(p)
""",
    ),
    "be a function of other arguments": (
        "logit",
        """
def logit(*, secret):
    return secret
""",
    ),
    "be a name with a twin": (
        "logit",
        """
def logit(p):
    return p
logit.__code__ = logit.__code__.replace(co_name='sigmoid')
""",
    ),
    "look up the caller's variables": (
        "logit",
        """
import sys
def logit(p):
    frame = sys._getframe()
    while frame:
        for name in ('expected', 'reference', 'want', 'right'):
            if name in frame.f_locals:
                return frame.f_locals[name]
        frame = frame.f_back
    return 0.25
""",
    ),
    "look for the reference": (
        "logit",
        """
import gc
def logit(p):
    for item in gc.get_objects():
        if type(item).__name__ == 'Exercise' and item.name == 'logit':
            return item.reference(p)
    return 0.25
""",
    ),
    "import the reference": (
        "sigmoid",
        """
from coursekit import exercises
sigmoid = exercises.find('sigmoid').reference
""",
    ),
    "import the solution": (
        "sigmoid",
        """
from coursekit.exercises._01_definition import SIGMOID
sigmoid = SIGMOID.reference
""",
    ),
    "draw the inputs ourselves": (
        "sigmoid",
        """
from coursekit.judge import inputs_for
sigmoid = dict(enumerate(inputs_for(None, 0)))
""",
    ),
    "hand in the library's function": (
        "logit",
        "logit = act.logit",
    ),
    "import the library's function": (
        "logit",
        "from coursekit.activations import logit",
    ),
    "import the library's function by its module": (
        "logit",
        """
from coursekit.activations.logistic import logit as own
def logit(p):
    return own(p)
""",
    ),
    "copy the library's function object": (
        "logit",
        """
import copy
logit = copy.deepcopy(copy.copy(act.logit))
""",
    ),
    "pickle the library's function": (
        "logit",
        """
import pickle
logit = pickle.loads(pickle.dumps(act.logit))
""",
    ),
    "wrap the library's function": (
        "logit",
        """
import functools
logit = functools.partial(functools.wraps(act.logit)(lambda p: act.logit(p)))
""",
    ),
    "cache the library's function": (
        "logit",
        """
import functools
logit = functools.cache(act.logit)
""",
    ),
    "unwrap the library's function": (
        "logit",
        """
import inspect
logit = inspect.unwrap(getattr(act.logit, '__wrapped__', act.logit))
""",
    ),
    "call the library's function in a thread": (
        "logit",
        """
from concurrent.futures import ThreadPoolExecutor
def logit(p):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(act.logit, p).result()
""",
    ),
    "call the library's function as a method": (
        "logit",
        """
class Own:
    value = staticmethod(act.logit)
logit = Own().value
""",
    ),
    "call the library's function again and again": (
        "logit",
        """
def logit(p):
    while True:
        try:
            return act.logit(p)
        except RuntimeError:
            act.calls = getattr(act, 'calls', 0) + 1
            if act.calls > 1000:
                raise
""",
    ),
}

# Right answers to `sigmoid`, in all ways that students write them.
HONEST = {
    "warn": """
import warnings, sys
def sigmoid(x):
    warnings.warn('careful')
    print('working', file=sys.stderr)
    return 1 / (1 + np.exp(-x))
""",
    "print a lot": """
print('x' * 5_000_000)
def sigmoid(x):
    print('y' * 100_000)
    return 1 / (1 + np.exp(-x))
""",
    "turn warnings into errors": """
import warnings
warnings.simplefilter('error')
np.seterr(all='raise')
def sigmoid(x):
    return 1 / (1 + np.exp(-x))
""",
    "use threads": """
from concurrent.futures import ThreadPoolExecutor
def sigmoid(x):
    with ThreadPoolExecutor(2) as pool:
        parts = list(pool.map(lambda v: 1 / (1 + np.exp(-v)), np.ravel(x)))
    return np.reshape(parts, np.shape(x))
""",
    "write files": """
import pathlib, tempfile
pathlib.Path('notes.txt').write_text('σ', 'utf-8')
pathlib.Path('data/deep').mkdir(parents=True)
np.save('data/deep/x.npy', np.arange(3))
def sigmoid(x):
    with tempfile.TemporaryDirectory() as folder:
        np.save(f'{folder}/y.npy', 1 / (1 + np.exp(-x)))
        return np.load(f'{folder}/y.npy')[()]
""",
    "use asyncio": """
import asyncio
await asyncio.sleep(0.01)
async def later(x):
    await asyncio.sleep(0)
    return 1 / (1 + np.exp(-x))
def sigmoid(x):
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(later(x))
    finally:
        loop.close()
""",
    "draw figures": """
import matplotlib.pyplot as plt
figure, axes = plt.subplots()
axes.plot([0, 1], label='σ')
axes.legend()
figure.savefig('figure.png')
plt.show()
def sigmoid(x):
    plt.plot(np.ravel(x))
    return 1 / (1 + np.exp(-x))
""",
    "use magics": """
%matplotlib inline
%timeit -n1 -r1 np.exp(1)
%who
%time y = 1
%config InlineBackend.figure_format = 'retina'
def sigmoid(x):
    return 1 / (1 + np.exp(-x))
sigmoid?
""",
    "draw inline": """
%matplotlib inline
import matplotlib.pyplot as plt
plt.plot([0, 1])
plt.show()
def sigmoid(x):
    return 1 / (1 + np.exp(-x))
""",
    "time a cell": """
%%time
def sigmoid(x):
    return 1 / (1 + np.exp(-x))
""",
    "capture a cell": """
%%capture captured
print('x')
def sigmoid(x):
    return 1 / (1 + np.exp(-x))
""",
    "write an own module": r"""
import pathlib
code = 'from numpy import exp\ndef f(x):\n    return 1 / (1 + exp(-x))\n'
pathlib.Path('mine.py').write_text(code)
import sys
sys.path.insert(0, '.')
from mine import f as sigmoid
""",
    "patch own things": """
class Gate:
    pass
Gate.__call__ = lambda self, x: 1 / (1 + np.exp(-x))
np.set_printoptions(precision=2)
sigmoid = Gate()
""",
    "use closures": """
import functools
def power(base, x):
    return 1 / (1 + base ** -x)
sigmoid = functools.partial(power, np.e)
""",
    "vectorize": """
import math
sigmoid = np.vectorize(lambda x: 1 / (1 + math.exp(-x)))
""",
    "return a list": """
def sigmoid(x):
    return (1 / (1 + np.exp(-np.asarray(x)))).tolist()
""",
    "seed generators": """
import random
random.seed(1)
np.random.seed(1)
rng = np.random.default_rng()
def sigmoid(x):
    return 1 / (1 + np.exp(-x)) + 0 * rng.random()
""",
    "look around": """
import os, platform, sys, time, uuid, datetime, locale
platform.platform(), os.cpu_count(), uuid.uuid4(), datetime.datetime.now(), os.getpid()
time.sleep(0.01), os.urandom(4), sys.version, os.listdir('.'), os.path.expanduser('~')
def sigmoid(x):
    return 1 / (1 + np.exp(-x))
""",
    "load data": """
from coursekit import data, losses, gradcheck
from coursekit.network import Network
X = data.load_digits() if hasattr(data, 'load_digits') else None
import decimal, fractions, statistics, dataclasses, typing, csv, sqlite3
def sigmoid(x):
    return 1 / (1 + np.exp(-x))
""",
    "use linear algebra": """
A = np.random.default_rng(0).normal(size=(200, 200))
np.linalg.svd(A), np.linalg.solve(A, A), A @ A, np.fft.fft(A)
def sigmoid(x):
    return 1 / (1 + np.exp(-x))
""",
    "take 300 MB": """
big = np.ones(300 * 10**6 // 8)
def sigmoid(x):
    return 1 / (1 + np.exp(-x))
""",
    "recurse deeply": """
import sys
sys.setrecursionlimit(5000)
def down(n):
    return 0 if n == 0 else down(n - 1)
down(3000)
def sigmoid(x):
    return 1 / (1 + np.exp(-x)) + down(900)
""",
    "catch everything": """
def sigmoid(x):
    try:
        return 1 / (1 + np.exp(-x))
    except BaseException:
        return None
""",
}

# Cells of an honest notebook that do not work while grading, and cost nothing.
BROKEN = {
    "ask for input": "name = input('What is your name? ')",
    "call the shell": """
!ls
!echo σ
""",
    "call bash": """
%%bash
echo σ
""",
    "read a missing file": "open('my data.csv').read()",
    "install a package": "%pip install -q emoji --no-index",
    "load from the web": """
from urllib.request import urlopen
urlopen('http://127.0.0.1:9', timeout=1)
""",
    "leave": "exit",
    "interrupt": "raise KeyboardInterrupt",
    "forget a bracket": "print((1, 2)",
    "check early": """
from coursekit import check, hint
check(sigmoid=None), hint('sigmoid')
""",
    "show everything": """
%lsmagic
%history
%pwd
%env
""",
}
