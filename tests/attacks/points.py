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

CELLS = {
    "patch numpy": PATCH
    + "patch(np, 'allclose', 'isclose', 'array_equal', 'all', 'abs', 'isfinite', 'argwhere')\n"
    + "patch(np.testing, 'assert_allclose', 'assert_array_equal', 'assert_equal')",
    "patch numpy's arrays": PATCH
    + "patch(np.ndarray, '__eq__', 'all', 'any')\nnp.float64.__eq__ = yes",
    "patch the builtins": PATCH
    + "import builtins\npatch(builtins, 'all', 'any', 'abs')\nbuiltins.print = yes",
    "replace isinstance": PATCH + "import builtins\npatch(builtins, 'isinstance', 'len')",
    "patch what collects": PATCH
    + "import coursekit.collect as c\npatch(c, 'identical', 'plain', 'call', 'collect')\n"
    + "c.Outcome.__eq__ = yes",
    "patch what compares": PATCH
    + "import coursekit.compare as c\npatch(c, 'difference', 'close', 'show')\n"
    + "c.Tolerance.__init__ = lambda *a: None",
    "patch what withholds": PATCH
    + "import contextlib, coursekit.withhold as w\nw.withheld = contextlib.nullcontext\n"
    + "from coursekit.activations import logit, sigmoid",
    "patch the protocol": PATCH
    + "from coursekit.grading import protocol as p\npatch(p, 'outcome_from', 'receive', 'send')\n"
    + "p.frame = lambda message: b'\\0' * 8",
    "patch the worker": PATCH
    + "import sys\nfrom coursekit.grading import worker\npatch(worker, 'handle', 'send')\n"
    + "patch(sys.modules['__main__'], 'handle', 'send', 'collect')",
    "patch json": PATCH
    + "import json\npatch(json, 'dumps', 'loads')\njson.dumps = lambda *a: 'true'",
    "patch the whole course": PATCH
    + "import sys\nfor name, module in list(sys.modules.items()):\n"
    + "    if name.startswith('coursekit.') and 'exercise' not in name:\n"
    + "        patch(module, *(n for n in dir(module) if not n.startswith('__')))",
    "edit the checks": "import coursekit\n"
    "class Verdict:\n    points = 99\n    status = 'passed'\n"
    "coursekit.check = check = lambda *a, **k: Verdict()\ncheck(sigmoid=0)",
    "rewrite cells before they run": "from IPython import get_ipython\n"
    "def rewrite(lines):\n    return [line.replace('0.25', '1/(1+np.exp(-x))*1') for line in lines]\n"
    "get_ipython().input_transformers_post.append(lambda lines: lines)\n"
    "get_ipython().input_transformers_cleanup.append(lambda lines: lines)",
    "rewrite the syntax trees": "import ast\nfrom IPython import get_ipython\n"
    "class Truth(ast.NodeTransformer):\n"
    "    def visit_Compare(self, node):\n        return ast.Constant(True)\n"
    "get_ipython().ast_transformers.append(Truth())",
    "hook into the shell": "from IPython import get_ipython\nshell = get_ipython()\n"
    "for event in ('pre_execute', 'post_execute', 'pre_run_cell', 'post_run_cell'):\n"
    "    shell.events.register(event, lambda *a: shell.user_ns.update(points=99, passed=True))\n"
    "shell.set_custom_exc((BaseException,), lambda *a, **k: None)",
    "replace the shell's way to run": "from IPython import get_ipython\n"
    "class Done:\n    error_before_exec = error_in_exec = None\n    success = True\n"
    "get_ipython().run_cell = lambda *a, **k: Done()",
    "replace the notebook's names": "from IPython import get_ipython\n"
    "class Yes(dict):\n    def __contains__(self, key):\n        return True\n"
    "    def __missing__(self, key):\n        return True\n"
    "get_ipython().user_ns = Yes(get_ipython().user_ns)",
    "trace the worker": "import sys\nseen = []\n"
    "def trace(frame, event, argument):\n"
    "    names = {'expected', 'reference', 'seed', 'secret'} & set(frame.f_locals)\n"
    "    if names and 'coursekit' in frame.f_code.co_filename:\n        seen.append(names)\n"
    "    return trace\n"
    "sys.settrace(trace)\nsys.setprofile(trace)",
    "hook into imports": "import sys\n"
    "class Fake:\n    def find_spec(self, name, path=None, target=None):\n        return None\n"
    "sys.meta_path.insert(0, Fake())\nsys.path_hooks.clear()\nsys.modules['json'] = None\n"
    "sys.modules['coursekit.judge'] = sys.modules['coursekit.exercises'] = Fake()",
    "replace everything printed": "import sys\n"
    "class Out:\n    def __getattr__(self, name):\n        raise SystemExit\n"
    "sys.stdout = sys.stderr = sys.__stdout__ = sys.__stderr__ = Out()",
    "change what warnings do": "import warnings\n"
    "warnings.catch_warnings = None\nwarnings.simplefilter = warnings.filterwarnings = None",
    "write code into the collector": "import coursekit.collect as c\n"
    "c.call.__code__ = (lambda function, args: c.Outcome(True)).__code__",
    "set the points by hand": "points = score = grade = total = 99\npassed = True\n"
    "from IPython.display import JSON, display\n"
    "display(JSON({'points': 99, 'passed': True}))\nprint('✓ sigmoid: 2 of 2 points')",
    "make copies that lie": "import copy\ncopy.deepcopy = copy.copy = lambda value, memo=None: 0.5",
}

LIAR = """
class Liar{base}:
    __array_priority__ = 10**6
    def __eq__(self, other):
        return True
    __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __eq__
    __hash__ = None
    def __sub__(self, other):
        return 0.0
    __rsub__ = __add__ = __radd__ = __mul__ = __rmul__ = __sub__
    def __abs__(self):
        return 0.0
"""

ANSWERS = {
    "be equal to everything": ("logit", LIAR.format(base="") + "def logit(p):\n    return Liar()"),
    "be a float that is equal to everything": (
        "logit",
        LIAR.format(base="(float)") + "def logit(p):\n    return Liar(0)",
    ),
    "be an int that is equal to everything": (
        "logit",
        LIAR.format(base="(int)") + "def logit(p):\n    return Liar(0)",
    ),
    "be a text that is equal to everything": (
        "symmetry_identity",
        LIAR.format(base="(str)") + "symmetry_identity = Liar('A')",
    ),
    "be all letters": ("symmetry_identity", "symmetry_identity = 'A B C D'"),
    "be a list of all letters": ("symmetry_identity", "symmetry_identity = list('ABCD')"),
    "be a set of all letters": ("symmetry_identity", "symmetry_identity = set('ABCD')"),
    "be a text whose case changes": (
        "symmetry_identity",
        "class Letter(str):\n    def upper(self):\n        return 'C'\n"
        "    def split(self, *a):\n        return ['C']\n    def __str__(self):\n        return 'C'\n"
        "    __repr__ = replace = __format__ = __str__\nsymmetry_identity = Letter('A')",
    ),
    "be true": ("symmetry_identity", "symmetry_identity = True"),
    "be an array that is equal to everything": (
        "sigmoid",
        LIAR.format(base="(np.ndarray)")
        + "    def __array__(self, *a, **k):\n        return np.full(self.shape, np.nan)\n"
        "    def __array_ufunc__(self, *a, **k):\n        return np.ones(self.shape, bool)\n"
        "    def __array_function__(self, *a, **k):\n        return True\n"
        "    def __array_finalize__(self, other):\n        pass\n"
        "def sigmoid(x):\n    return np.zeros(np.shape(x)).view(Liar)",
    ),
    "be an array of liars": (
        "sigmoid",
        LIAR.format(base="") + "def sigmoid(x):\n    return np.full(np.shape(x), Liar(), object)",
    ),
    "be a masked array": (
        "sigmoid",
        "def sigmoid(x):\n    return np.ma.masked_all(np.shape(x))",
    ),
    "be a matrix of nothing": ("sigmoid", "def sigmoid(x):\n    return np.empty((0,) * 3)"),
    "be an array that changes its form": (
        "sigmoid",
        "class Form(np.ndarray):\n    shape = property(lambda self: ())\n"
        "    dtype = property(lambda self: np.dtype(float))\n"
        "def sigmoid(x):\n    return np.zeros(3).view(Form)",
    ),
    "be an array interface to nowhere": (
        "sigmoid",
        "class Nowhere:\n    @property\n    def __array_interface__(self):\n"
        "        return {'shape': (2,), 'typestr': '<f8', 'data': (8, False), 'version': 3}\n"
        "def sigmoid(x):\n    return Nowhere()",
    ),
    "be not a number": ("sigmoid", "def sigmoid(x):\n    return np.full(np.shape(x), np.nan)"),
    "be infinite": ("sigmoid", "def sigmoid(x):\n    return np.full(np.shape(x), np.inf)"),
    "be complex": ("sigmoid", "def sigmoid(x):\n    return 1j / (1 + np.exp(-x))"),
    "be a wide interval": (
        "sigmoid",
        "class Interval:\n    def __array__(self, *a, **k):\n        return np.array([0, 1])\n"
        "def sigmoid(x):\n    return Interval()",
    ),
    "be the argument": ("sigmoid", "def sigmoid(x):\n    return x"),
    "be the argument, filled later": (
        "sigmoid",
        "import threading\ndef sigmoid(x):\n    out = np.zeros(np.shape(x))\n"
        "    threading.Timer(0.01, lambda: out.fill(0.5) if out.shape else None).start()\n"
        "    return out",
    ),
    "be a view that changes": (
        "sigmoid",
        "shared = np.zeros(100)\ndef sigmoid(x):\n    shared[:] += 0.1\n"
        "    return shared[:np.size(x)].reshape(np.shape(x))",
    ),
    "be ellipsis sometimes": (
        "sigmoid",
        "calls = 0\ndef sigmoid(x):\n    global calls\n    calls += 1\n"
        "    return ... if calls > 1 else 0.5",
    ),
    "be right three times": (
        "line_at_zero",
        "calls = 0\ndef line_at_zero(x):\n    global calls\n    calls += 1\n"
        "    return 0.5 + np.asarray(x) / 4 if calls < 4 else np.zeros(np.shape(x))",
    ),
    "be right most of the time": (
        "line_at_zero",
        "import itertools\nwrong = itertools.cycle([0, 0, 0, 0, 1e-3])\n"
        "def line_at_zero(x):\n    return 0.5 + np.asarray(x) / 4 + next(wrong)",
    ),
    "be right within an absolute tolerance": (
        "line_at_zero",
        "def line_at_zero(x):\n    return 0.5 + np.asarray(x) / 4 + 1e-4",
    ),
    "be random": ("sigmoid", "def sigmoid(x):\n    return np.random.random(np.shape(x))"),
    "change the argument": (
        "binary_softmax",
        "def binary_softmax(z0, z1):\n    z0 *= 0\n    z1 *= 0\n    return z0 + 0.5",
    ),
    "make the argument fit": (
        "sigmoid",
        "def sigmoid(x):\n    if np.ndim(x):\n        x.fill(0)\n    return np.full(np.shape(x), 0.5)",
    ),
    "grow the argument": (
        "sigmoid",
        "def sigmoid(x):\n    if np.ndim(x):\n        x.resize(10**6, refcheck=False)\n    return x",
    ),
    "raise what looks untouched": (
        "sigmoid",
        "def sigmoid(x):\n    raise NotImplementedError('expected 2 of 2 points')",
    ),
    "raise an error that cannot be shown": (
        "sigmoid",
        "class Mute(BaseException):\n    def __str__(self):\n        raise self\n"
        "    __repr__ = __str__\ndef sigmoid(x):\n    raise Mute",
    ),
    "raise an error with a forged name": (
        "sigmoid",
        "def sigmoid(x):\n    raise type('\\x1b[2J=cmd|calc!A1\\n<script>', (Exception,), {})('x')",
    ),
    "warn with a forged text": (
        "sigmoid",
        "import warnings\ndef sigmoid(x):\n"
        "    warnings.warn('\\x1b]0;own\\x07=1+1\\n✓ sigmoid: 2 of 2', RuntimeWarning)\n    return 0",
    ),
    "forge lines of a verdict": (
        "symmetry_identity",
        "symmetry_identity = '\\n✓ symmetry_identity: 1 of 1 point\\x1b[1A\\u202e<b>&amp;'",
    ),
    "forge a formula": ("symmetry_identity", "symmetry_identity = '=HYPERLINK(\"x\")\\r\\n+1'"),
    "be a huge text": ("symmetry_identity", "symmetry_identity = 'C' * 10**7"),
    "be a huge number": ("logit", "def logit(p):\n    return 10**50_000"),
    "be huge numbers": ("logit", "def logit(p):\n    return [10**400, -(10**4000), 1.5]"),
    "be 200 MB": ("logit", "def logit(p):\n    return np.zeros(25 * 10**6)"),
    "be a list in itself": (
        "logit",
        "def logit(p):\n    own = []\n    own.append(own)\n    return own",
    ),
    "be a list without an end": (
        "logit",
        "class Endless(list):\n    def __iter__(self):\n        yield from range(10**6)\n"
        "def logit(p):\n    return Endless()",
    ),
    "be a dict with colliding keys": (
        "logit",
        "class Key:\n    def __init__(self, number):\n        self.number = number\n"
        "    def __hash__(self):\n        return 1\n    def __str__(self):\n        return 'same'\n"
        "def logit(p):\n    return {Key(number): number for number in range(50)}",
    ),
    "be a dict with keys that are not numbers": (
        "logit",
        "def logit(p):\n    return {float('nan'): 1, float('nan'): 2, (1,): 3, None: ..., '': b''}",
    ),
    "be a dict that says how it is graded": (
        "logit",
        "def logit(p):\n    return {'points': 9, 'status': 'passed', 'error': None, 'value': p}",
    ),
    "be the outcome itself": (
        "logit",
        "from coursekit.collect import Outcome\ndef logit(p):\n    return Outcome(0.5, mutated=False)",
    ),
    "be a class of the course": (
        "logit",
        "from coursekit.collect import Foreign\nfrom coursekit.callables import Node\n"
        "def logit(p):\n    return [Foreign('right'), Node('right')]",
    ),
    "be half a character": ("symmetry_identity", "symmetry_identity = '\\ud800\\0C'"),
    "be bytes": ("symmetry_identity", "symmetry_identity = b'C'"),
    "be a letter that looks alike": ("symmetry_identity", "symmetry_identity = 'С'"),
    "be a class": (
        "logit",
        "class logit:\n    def __new__(cls, p):\n        return object.__new__(cls)",
    ),
    "be a generator": ("logit", "def logit(p):\n    yield from np.log(p / (1 - p)) * 1.001"),
    "be a coroutine": ("logit", "async def logit(p):\n    return np.log(p)"),
    "be a function of other arguments": ("logit", "def logit(*, secret):\n    return secret"),
    "be a name with a twin": (
        "logit",
        "def logit(p):\n    return p\nlogit.__code__ = logit.__code__.replace(co_name='sigmoid')",
    ),
    "look up the caller's variables": (
        "logit",
        "import sys\ndef logit(p):\n    frame = sys._getframe()\n    while frame:\n"
        "        for name in ('expected', 'reference', 'want', 'right'):\n"
        "            if name in frame.f_locals:\n                return frame.f_locals[name]\n"
        "        frame = frame.f_back\n    return 0.25",
    ),
    "look for the reference": (
        "logit",
        "import gc\ndef logit(p):\n    for item in gc.get_objects():\n"
        "        if type(item).__name__ == 'Exercise' and item.name == 'logit':\n"
        "            return item.reference(p)\n    return 0.25",
    ),
    "import the reference": (
        "sigmoid",
        "from coursekit import exercises\nsigmoid = exercises.find('sigmoid').reference",
    ),
    "import the solution": (
        "sigmoid",
        "from coursekit.exercises._01_definition import SIGMOID\nsigmoid = SIGMOID.reference",
    ),
    "draw the inputs ourselves": (
        "sigmoid",
        "from coursekit.judge import inputs_for\nsigmoid = dict(enumerate(inputs_for(None, 0)))",
    ),
    "hand in the library's function": ("logit", "logit = act.logit"),
    "import the library's function": ("logit", "from coursekit.activations import logit"),
    "import the library's function by its module": (
        "logit",
        "from coursekit.activations.logistic import logit as own\ndef logit(p):\n    return own(p)",
    ),
    "copy the library's function object": (
        "logit",
        "import copy\nlogit = copy.deepcopy(copy.copy(act.logit))",
    ),
    "pickle the library's function": (
        "logit",
        "import pickle\nlogit = pickle.loads(pickle.dumps(act.logit))",
    ),
    "wrap the library's function": (
        "logit",
        "import functools\nlogit = functools.partial(functools.wraps(act.logit)(lambda p: act.logit(p)))",
    ),
    "cache the library's function": (
        "logit",
        "import functools\nlogit = functools.cache(act.logit)",
    ),
    "unwrap the library's function": (
        "logit",
        "import inspect\nlogit = inspect.unwrap(getattr(act.logit, '__wrapped__', act.logit))",
    ),
    "call the library's function in a thread": (
        "logit",
        "from concurrent.futures import ThreadPoolExecutor\n"
        "def logit(p):\n    with ThreadPoolExecutor(1) as pool:\n"
        "        return pool.submit(act.logit, p).result()",
    ),
    "call the library's function as a method": (
        "logit",
        "class Own:\n    value = staticmethod(act.logit)\nlogit = Own().value",
    ),
    "call the library's function again and again": (
        "logit",
        "def logit(p):\n    while True:\n        try:\n            return act.logit(p)\n"
        "        except RuntimeError:\n            act.calls = getattr(act, 'calls', 0) + 1\n"
        "            if act.calls > 1000:\n                raise",
    ),
}

HONEST = {
    "warn": "import warnings, sys\ndef sigmoid(x):\n    warnings.warn('careful')\n"
    "    print('working', file=sys.stderr)\n    return 1 / (1 + np.exp(-x))",
    "print a lot": "print('x' * 5_000_000)\ndef sigmoid(x):\n    print('y' * 100_000)\n"
    "    return 1 / (1 + np.exp(-x))",
    "turn warnings into errors": "import warnings\nwarnings.simplefilter('error')\n"
    "np.seterr(all='raise')\ndef sigmoid(x):\n    return 1 / (1 + np.exp(-x))",
    "use threads": "from concurrent.futures import ThreadPoolExecutor\n"
    "def sigmoid(x):\n    with ThreadPoolExecutor(2) as pool:\n"
    "        parts = list(pool.map(lambda v: 1 / (1 + np.exp(-v)), np.ravel(x)))\n"
    "    return np.reshape(parts, np.shape(x))",
    "write files": "import pathlib, tempfile\npathlib.Path('notes.txt').write_text('σ', 'utf-8')\n"
    "pathlib.Path('data/deep').mkdir(parents=True)\nnp.save('data/deep/x.npy', np.arange(3))\n"
    "def sigmoid(x):\n    with tempfile.TemporaryDirectory() as folder:\n"
    "        np.save(f'{folder}/y.npy', 1 / (1 + np.exp(-x)))\n"
    "        return np.load(f'{folder}/y.npy')[()]",
    "use asyncio": "import asyncio\nawait asyncio.sleep(0.01)\n"
    "async def later(x):\n    await asyncio.sleep(0)\n    return 1 / (1 + np.exp(-x))\n"
    "def sigmoid(x):\n    loop = asyncio.new_event_loop()\n"
    "    try:\n        return loop.run_until_complete(later(x))\n    finally:\n        loop.close()",
    "draw figures": "import matplotlib.pyplot as plt\nfigure, axes = plt.subplots()\n"
    "axes.plot([0, 1], label='σ')\naxes.legend()\nfigure.savefig('figure.png')\nplt.show()\n"
    "def sigmoid(x):\n    plt.plot(np.ravel(x))\n    return 1 / (1 + np.exp(-x))",
    "use magics": "%matplotlib inline\n%timeit -n1 -r1 np.exp(1)\n%who\n%time y = 1\n"
    "%config InlineBackend.figure_format = 'retina'\n"
    "def sigmoid(x):\n    return 1 / (1 + np.exp(-x))\nsigmoid?",
    "time a cell": "%%time\ndef sigmoid(x):\n    return 1 / (1 + np.exp(-x))",
    "capture a cell": "%%capture captured\nprint('x')\ndef sigmoid(x):\n    return 1 / (1 + np.exp(-x))",
    "write an own module": "import pathlib\n"
    "pathlib.Path('mine.py').write_text('import numpy as np\\ndef f(x):\\n"
    "    return 1 / (1 + np.exp(-x))\\n')\nimport sys\nsys.path.insert(0, '.')\n"
    "from mine import f as sigmoid",
    "patch own things": "class Gate:\n    pass\nGate.__call__ = lambda self, x: 1 / (1 + np.exp(-x))\n"
    "np.set_printoptions(precision=2)\nsigmoid = Gate()",
    "use closures": "import functools\ndef power(base, x):\n    return 1 / (1 + base ** -x)\n"
    "sigmoid = functools.partial(power, np.e)",
    "vectorize": "import math\nsigmoid = np.vectorize(lambda x: 1 / (1 + math.exp(-x)))",
    "return a list": "def sigmoid(x):\n    return (1 / (1 + np.exp(-np.asarray(x)))).tolist()",
    "seed generators": "import random\nrandom.seed(1)\nnp.random.seed(1)\nrng = np.random.default_rng()\n"
    "def sigmoid(x):\n    return 1 / (1 + np.exp(-x)) + 0 * rng.random()",
    "look around": "import os, platform, sys, time, uuid, datetime, locale\n"
    "platform.platform(), os.cpu_count(), uuid.uuid4(), datetime.datetime.now(), os.getpid()\n"
    "time.sleep(0.01), os.urandom(4), sys.version, os.listdir('.'), os.path.expanduser('~')\n"
    "def sigmoid(x):\n    return 1 / (1 + np.exp(-x))",
    "load data": "from coursekit import data, losses, gradcheck\nfrom coursekit.network import Network\n"
    "X = data.load_digits() if hasattr(data, 'load_digits') else None\n"
    "import decimal, fractions, statistics, dataclasses, typing, csv, sqlite3\n"
    "def sigmoid(x):\n    return 1 / (1 + np.exp(-x))",
    "use linear algebra": "A = np.random.default_rng(0).normal(size=(200, 200))\n"
    "np.linalg.svd(A), np.linalg.solve(A, A), A @ A, np.fft.fft(A)\n"
    "def sigmoid(x):\n    return 1 / (1 + np.exp(-x))",
    "take 300 MB": "big = np.ones(300 * 10**6 // 8)\ndef sigmoid(x):\n    return 1 / (1 + np.exp(-x))",
    "recurse deeply": "import sys\nsys.setrecursionlimit(5000)\n"
    "def down(n):\n    return 0 if n == 0 else down(n - 1)\ndown(3000)\n"
    "def sigmoid(x):\n    return 1 / (1 + np.exp(-x)) + down(900)",
    "catch everything": "def sigmoid(x):\n    try:\n        return 1 / (1 + np.exp(-x))\n"
    "    except BaseException:\n        return None",
}

BROKEN = {  # cells of an honest notebook that do not work while grading, and cost nothing
    "ask for input": "name = input('What is your name? ')",
    "call the shell": "!ls\n!echo σ",
    "call bash": "%%bash\necho σ",
    "read a missing file": "open('my data.csv').read()",
    "install a package": "%pip install -q emoji --no-index",
    "load from the web": "from urllib.request import urlopen\nurlopen('http://127.0.0.1:9', timeout=1)",
    "leave": "exit",
    "interrupt": "raise KeyboardInterrupt",
    "forget a bracket": "print((1, 2)",
    "check early": "from coursekit import check, hint\ncheck(sigmoid=None), hint('sigmoid')",
    "show everything": "%lsmagic\n%history\n%pwd\n%env",
}
