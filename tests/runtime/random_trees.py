"""Random processes as trees of blocks, and their drawings; the reference model reads the trees."""

from __future__ import annotations

from itertools import pairwise

from tests.runtime.drawn import (
    boundary,
    call,
    catch,
    chain,
    drawing,
    end,
    error,
    escalation,
    flow,
    gateway,
    io,
    message,
    multi,
    process,
    refer,
    script,
    sub,
    throw,
    timer,
    user,
)
from tests.runtime.random_activities import NESTED, SIMPLE, Draws, Fills
from tests.runtime.random_blocks import Block


class Work(Block):
    """A user task that writes `w_<id>`; flag: through an output mapping, from a local scope."""


class Count(Block):
    """A script that adds one to a variable that everybody shares (`s<n>`)."""


class Fresh(Block):
    """A script that writes a variable of its own: `f_<id>` counts its runs."""


class Seq(Block):
    pass


class And(Block):
    pass


class Or(Block):
    """Inclusive: way i is taken when bit i of a count of runs (plus n) is set; else the last."""


class Xor(Block):
    """Exclusive: the way whose number is the count of its runs modulo the ways; else the last."""


class Loop(Block):
    """Runs its part n times."""


class Sub(Block):
    """A sub-process with a local `loc_<id>` that its inside counts up and nobody sees later."""


class Bounded(Block):
    """A sub-process, multi-instance or call (part 0) with a timer of n hours to part 1."""


class Risky(Block):
    """A sub-process, multi-instance or call (part 0) in which an alarm goes off; the error leads
    to part 1, the escalation counts `esc_<id>` up beside it."""


class Alarm(Block):
    """Throws an escalation, then every other run an error; n: an error only, of the n-th item."""

    of: str


class Many(Block):
    """A multi-instance of n items; parts: one block inside a sub-process, or none: a user task."""


class Call(Block):
    """A called process with one part."""


class Wait(Block):
    """A timer of n hours."""


class Guarded(Block):
    """A user task with an interrupting timer of n hours, behind which its part stands."""


class Reminded(Block):
    """A user task with a timer that counts `rem_<id>` up, twice at most, every n hours."""


class Race(Block):
    """An event-based gateway: a message (part 0) or a timer of n hours (part 1)."""


class Mesh(Block):
    """Two parallel splits and two joins that do not nest: parts A, B, C, D, E."""


class Tangle(Block):
    """Goto: from each part a gateway leads to any part, or out after n turns; a loop in loops."""

    goto: list


_NESTED = (*NESTED, And, And, Or, Xor, Loop, Sub, Many, Call, Mesh, Tangle, Bounded, Risky)


class Maker(Fills):
    """Makes one random tree."""

    def __init__(self, rnd, size=14):
        self.kinds = {"Work": Work, "Sub": Sub}
        self.rnd = rnd
        self.left = size
        self.last = 0

    def name(self, kind):
        self.last += 1
        return f"{kind.lower()}{self.last}"

    def tree(self):
        return self.seq(0, shared=True, alone=True)

    def seq(self, depth, *, shared, alone):
        count = self.rnd.randint(1, 3 if depth else 4)
        parts = [self.block(depth, shared=shared, alone=alone) for _ in range(count)]
        return Seq(self.name("seq"), parts)

    def block(self, depth, *, shared, alone):
        self.left -= 1
        simple = [Work, Work, Fresh, Wait, Guarded, Reminded, *SIMPLE] + ([Count] if shared else [])
        nested = [*_NESTED, Race] if alone else list(_NESTED)
        pick = self.rnd.choice
        kind = (
            pick(simple)
            if self.left <= 0 or depth >= 4 or self.rnd.random() < 0.35
            else pick(nested)
        )
        made = kind(self.name(kind.__name__))
        made.n = self.rnd.randint(1, 4)
        made.flag = self.rnd.random() < 0.5
        self.fill(made, depth + 1, shared=shared, alone=alone)
        return made

    def fill(self, made, depth, *, shared, alone):
        def seq(**given):
            return self.seq(depth, **{"shared": shared, "alone": alone, **given})

        self.fill_activities(made, depth, shared=shared, alone=alone)
        if isinstance(made, (And, Or, Xor)):
            made.parts = [seq(alone=False) for _ in range(self.rnd.randint(2, 3))]
        elif isinstance(made, (Loop, Sub, Guarded)):
            made.parts = [seq()]
        elif isinstance(made, Race):
            made.parts = [seq(), seq()]
        elif isinstance(made, Many):
            inside = self.rnd.random() < 0.6
            made.parts = [seq(shared=False, alone=False)] if inside else []
            made.n -= self.rnd.random() < 0.1
        elif isinstance(made, Bounded):
            inner = self.rnd.choice([Sub, Many, Call])
            made.parts = [inner(self.name(inner.__name__)), seq()]
            made.parts[0].n = self.rnd.randint(1, 3)
            made.parts[0].flag = self.rnd.random() < 0.5
            self.fill(made.parts[0], depth, shared=shared, alone=False)
            made.n += 1
        elif isinstance(made, Risky):
            inner = self.rnd.choice([Sub, Many, Call])
            host = inner(self.name(inner.__name__))
            host.n, host.flag = self.rnd.randint(1, 3), self.rnd.random() < 0.5
            alarm = Alarm(self.name("Alarm"), n=host.n if inner is Many else 0)
            alarm.of = made.id
            around = seq(shared=shared and inner is Sub, alone=False)
            host.parts = [Seq(self.name("Seq"), [around, alarm])]
            made.parts = [host, seq()]
        elif isinstance(made, Call):
            made.parts = [seq(shared=False, alone=False)]
        elif isinstance(made, Mesh):
            made.parts = [self.seq(depth + 1, shared=shared, alone=False) for _ in range(5)]
        elif isinstance(made, Tangle):
            made.parts = [seq() for _ in range(self.rnd.randint(2, 3))]
            ways = range(len(made.parts))
            made.goto = [[self.rnd.choice(ways) for _ in range(2)] for _ in ways]
            made.n += 2


class Drawer(Draws):
    """Draws a tree: XML of the process, and of the processes it calls."""

    def __init__(self):
        self.called = []
        self.messages = []

    def draw(self, tree):
        body = self.boxed(tree)
        return drawing(body, more="".join(self.called), extra="".join(self.messages))

    def boxed(self, part):
        """A body with its own start and end."""
        xml, first, last = self.block(part)
        start, end = f"S_{part.id}", f"E_{part.id}"
        return (
            f'<startEvent id="{start}"/><endEvent id="{end}"/>{xml}'
            + chain(start, first)
            + chain(last, end)
        )

    def block(self, b):
        return getattr(self, type(b).__name__.lower())(b)

    def work(self, b):
        inner = io({"in": "=1"}, {f"w_{b.id}": f"=x_{b.id}"}) if b.flag else ""
        return user(b.id, inner), b.id, b.id

    def count(self, b):
        return script(b.id, f"s{b.n}", f"s{b.n} + 1"), b.id, b.id

    def fresh(self, b):
        return self._counter(b.id, f"f_{b.id}"), b.id, b.id

    @staticmethod
    def _counter(id_, variable):
        return script(id_, variable, f"get or else({variable}, 0) + 1")

    def seq(self, b):
        done = [self.block(p) for p in b.parts]
        xml = "".join(d[0] for d in done)
        xml += "".join(chain(x[2], y[1]) for x, y in pairwise(done))
        return xml, done[0][1], done[-1][2]

    def _fan(self, b, kind, ways):
        split, join = f"{b.id}_split", f"{b.id}_join"
        xml = gateway(split, kind, f"{b.id}_d" if ways else None) + gateway(join, kind)
        for i, part in enumerate(b.parts):
            inner, first, last = self.block(part)
            default = ways and i == len(b.parts) - 1
            condition = None if not ways or default else ways(i)
            xml += inner + flow(split, first, condition, f"{b.id}_d" if default else None)
            xml += chain(last, join)
        return xml, split, join

    def _chosen(self, b, kind, ways):
        xml, split, join = self._fan(b, kind, ways)
        before = f"{b.id}_c"
        xml += self._counter(before, f"v_{b.id}") + chain(before, split)
        return xml, before, join

    def __getattr__(self, name):
        if name == "and":
            return lambda b: self._fan(b, "parallel", None)
        if name == "or":
            return lambda b: self._chosen(
                b, "inclusive", lambda i: f"=odd(floor((v_{b.id} + {b.n}) / {2**i}))"
            )
        raise AttributeError(name)

    def xor(self, b):
        ways = len(b.parts)
        return self._chosen(b, "exclusive", lambda i: f"=modulo(v_{b.id}, {ways}) = {i}")

    def loop(self, b):
        inner, first, last = self.block(b.parts[0])
        m, x, zero, c = (f"{b.id}_{s}" for s in "mxzc")
        xml = script(zero, f"l_{b.id}", "0") + gateway(m) + inner + self._counter(c, f"l_{b.id}")
        xml += gateway(x, default=f"{b.id}_again") + chain(zero, m, first) + chain(last, c, x)
        after = f"{b.id}_o"
        xml += (
            gateway(after) + flow(x, after, f"=l_{b.id} >= {b.n}") + flow(x, m, id_=f"{b.id}_again")
        )
        return xml, zero, after

    def sub(self, b):
        inner, first, last = self.block(b.parts[0])
        c = f"{b.id}_c"
        body = f'<startEvent id="S_{b.id}"/><endEvent id="E_{b.id}"/>' + inner
        body += script(c, f"loc_{b.id}", f"loc_{b.id} + 1")
        body += chain(f"S_{b.id}", c, first) + chain(last, f"E_{b.id}")
        outputs = {f"o_{b.id}": f"=loc_{b.id}"} if b.flag else None
        return sub(b.id, body, io({f"loc_{b.id}": "=5"}, outputs)), b.id, b.id

    def many(self, b):
        items = "=[" + ",".join(str(i * 10) for i in range(b.n)) + "]"
        loop = multi(
            items, "item", sequential=b.flag, out=f"m_{b.id}", out_element=f"=item + w_{b.id}"
        )
        if not b.parts:
            return user(b.id, body=loop), b.id, b.id
        inner, first, last = self.block(b.parts[0])
        final = f"{b.id}_w"
        body = f'<startEvent id="S_{b.id}"/>' + inner + script(final, f"w_{b.id}", "item + 1")
        body += chain(f"S_{b.id}", first) + chain(last, final, f"E_{b.id}") + end(f"E_{b.id}")
        body += loop
        return sub(b.id, body), b.id, b.id

    def call(self, b):
        pid = f"P_{b.id}"
        self.called.append(process(pid, self.boxed(b.parts[0])))
        return call(b.id, pid), b.id, b.id

    def wait(self, b):
        return catch(b.id, timer("Duration", f"PT{b.n}H")), b.id, b.id

    def guarded(self, b):
        inner, first, last = self.block(b.parts[0])
        t, after = f"{b.id}_t", f"{b.id}_o"
        xml = user(b.id) + boundary(t, b.id, timer("Duration", f"PT{b.n}H")) + inner
        return (
            xml + gateway(after) + chain(b.id, after) + chain(t, first) + chain(last, after),
            b.id,
            after,
        )

    def bounded(self, b):
        host, first, _ = self.block(b.parts[0])
        late, start, last = self.block(b.parts[1])
        t, after = f"{b.id}_t", f"{b.id}_o"
        xml = host + late + boundary(t, first, timer("Duration", f"PT{b.n}H")) + gateway(after)
        return xml + chain(first, after) + chain(t, start) + chain(last, after), first, after

    def risky(self, b):
        host, first, _ = self.block(b.parts[0])
        late, begin, last = self.block(b.parts[1])
        t, k, c, e, after = (f"{b.id}_{s}" for s in "tkceo")
        self.messages.append(error(f"X_{b.id}", b.id) + escalation(f"C_{b.id}", b.id))
        xml = host + late + boundary(t, first, refer("error", f"X_{b.id}")) + gateway(after)
        xml += boundary(k, first, refer("escalation", f"C_{b.id}"), interrupting=False)
        xml += self._counter(c, f"esc_{b.id}") + end(e) + chain(k, c, e)
        return xml + chain(first, after) + chain(t, begin) + chain(last, after), first, after

    def alarm(self, b):
        t, c, x, e, after = (f"{b.id}_{s}" for s in "tcxeo")
        # of items that are due at once any may come first, and the error stops the others
        xml = gateway(t) if b.n else throw(t, refer("escalation", f"C_{b.of}"))
        xml += self._counter(c, f"v_{b.id}")
        xml += gateway(x, default=f"{x}_d") + end(e, refer("error", f"X_{b.of}")) + gateway(after)
        bad = f"=item = {(b.n - 1) * 10}" if b.n else f"=odd(v_{b.id})"
        return xml + chain(t, c, x) + flow(x, e, bad) + flow(x, after, id_=f"{x}_d"), t, after

    def reminded(self, b):
        t, c, e = (f"{b.id}_{s}" for s in "tce")
        xml = user(b.id) + boundary(t, b.id, timer("Cycle", f"R2/PT{b.n}H"), interrupting=False)
        xml += self._counter(c, f"rem_{b.id}") + f'<endEvent id="{e}"/>' + chain(t, c, e)
        return xml, b.id, b.id

    def race(self, b):
        g, m, t, after = (f"{b.id}_{s}" for s in "gmto")
        self.messages.append(message(f"M_{b.id}", b.id, f'="{b.id}"'))
        heard, first, last = self.block(b.parts[0])
        late, first2, last2 = self.block(b.parts[1])
        xml = gateway(g, "eventBased") + catch(m, refer("message", f"M_{b.id}"))
        xml += catch(t, timer("Duration", f"PT{b.n}H")) + heard + late + gateway(after)
        xml += chain(g, m, first) + chain(last, after) + chain(g, t, first2) + chain(last2, after)
        return xml, g, after

    def mesh(self, b):
        s1, s2, j1, j2 = (f"{b.id}_{s}" for s in ("s1", "s2", "j1", "j2"))
        done = [self.block(p) for p in b.parts]
        (_, a1, a2), (_, b1, b2), (_, c1, c2), (_, d1, d2), (_, e1, e2) = done
        xml = "".join(d[0] for d in done) + "".join(
            gateway(g, "parallel") for g in (s1, s2, j1, j2)
        )
        xml += chain(s1, a1) + chain(a2, s2, c1) + chain(s2, d1) + chain(s1, b1)
        xml += chain(c2, j1) + chain(b2, j1, e1) + chain(e2, j2) + chain(d2, j2)
        return xml, s1, j2

    def tangle(self, b):
        zero, m0, after = f"{b.id}_z", f"{b.id}_m0", f"{b.id}_o"
        xml = script(zero, f"t_{b.id}", "0") + gateway(after) + chain(zero, m0)
        for i, part in enumerate(b.parts):
            inner, first, last = self.block(part)
            m, c, x = (f"{b.id}_{s}{i}" for s in "mcx")
            xml += inner + gateway(m) + self._counter(c, f"t_{b.id}") + gateway(x, default=f"{x}_d")
            xml += chain(m, first) + chain(last, c, x) + flow(x, after, f"=t_{b.id} >= {b.n}")
            even, odd = b.goto[i]
            xml += flow(x, f"{b.id}_m{even}", f"=even(t_{b.id})")
            xml += flow(x, f"{b.id}_m{odd}", id_=f"{x}_d")
        for i in range(1, len(b.parts)):  # never taken; it makes every part reachable
            xml += flow(f"{b.id}_x{i - 1}", f"{b.id}_m{i}", "=false")
        return xml, zero, after
