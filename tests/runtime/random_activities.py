"""Blocks of random processes about activities and flows: their drawings, and what they mean."""

from __future__ import annotations

from tests.runtime.drawn import boundary, chain, end, flow, gateway, refer, sub, user
from tests.runtime.drawn import signal as signal_root
from tests.runtime.random_blocks import Block


class Fork(Block):
    """A script with a way per bit of its runs (plus n), a default one, by flag a plain one."""


class Repeat(Block):
    """A standard loop of n turns around a part, or around a user task; flag: asks before."""


class Free(Block):
    """An ad-hoc sub-process; flag: sequential. n = 1: enough once its first task was ever done."""


class Enough(Block):
    """Tasks of which n are enough for the part behind a complex gateway, in a sub-process."""


class Tokens(Block):
    """An activity leaves n tokens, each is worked on, and another gathers them all."""


class Several(Block):
    """n user tasks by a cardinality; the edge counts `tell_<id>` each time, or once with flag."""


NESTED = (Fork, Repeat, Free, Enough)
SIMPLE = (Tokens, Several)


class Fills:
    """What the maker puts into these blocks."""

    def fill_activities(self, made, depth, *, shared, alone):
        pick = self.rnd.randint
        if isinstance(made, Fork):
            count = pick(2, 3) + made.flag
            made.parts = [self.seq(depth, shared=shared, alone=False) for _ in range(count)]
        elif isinstance(made, Repeat):
            made.n -= 1 if made.flag else 0
            if self.rnd.random() < 0.7:
                made.parts = [self.seq(depth, shared=shared, alone=alone)]
        elif isinstance(made, Free):
            made.n = pick(0, 1)
            work, inner = self.kinds["Work"], self.kinds["Sub"]
            kinds = [work] if made.n else [work, inner]
            made.parts = []
            for _ in range(pick(2, 3)):
                kind = self.rnd.choice(kinds)
                part = kind(self.name(kind.__name__))
                part.flag = self.rnd.random() < 0.5
                self.fill(part, depth, shared=shared, alone=False)
                made.parts.append(part)
        elif isinstance(made, Enough):
            works = [self.kinds["Work"](self.name("Work")) for _ in range(pick(2, 3))]
            made.n = pick(1, len(works))
            made.parts = [*works, self.seq(depth, shared=shared, alone=False)]


class Draws:
    """How these blocks are drawn; a mixin of the drawer."""

    def fork(self, b):
        c, join, default = f"{b.id}_c", f"{b.id}_join", f"{b.id}_d"
        ways = b.parts[:-1] if b.flag else b.parts
        xml = self._counter(c, f"v_{b.id}").replace(
            "<scriptTask", f'<scriptTask default="{default}"'
        )
        xml += gateway(join, "inclusive")
        for i, part in enumerate(b.parts):
            inner, first, last = self.block(part)
            way = None if part is not ways[-1] else default
            bit = f"=odd(floor((v_{b.id} + {b.n}) / {2**i}))" if part in ways[:-1] else None
            xml += inner + flow(c, first, bit, way) + chain(last, join)
        return xml, c, join

    def repeat(self, b):
        before = str(b.flag).lower()
        loop = (
            f'<standardLoopCharacteristics testBefore="{before}">'
            f"<loopCondition>=loopCounter &lt; {b.n}</loopCondition></standardLoopCharacteristics>"
        )
        if not b.parts:
            return user(b.id, body=loop), b.id, b.id
        return sub(b.id, self.boxed(b.parts[0]) + loop), b.id, b.id

    def free(self, b):
        inner = "".join(self.block(part)[0] for part in b.parts)
        until = f"=get or else(w_{b.parts[0].id}, -1) >= 0".replace(">", "&gt;") if b.n else ""
        done = f"<completionCondition>{until}</completionCondition>" if until else ""
        ordering = "Sequential" if b.flag else "Parallel"
        xml = f'<adHocSubProcess id="{b.id}" ordering="{ordering}">{inner}{done}</adHocSubProcess>'
        return xml, b.id, b.id

    def enough(self, b):
        s, g, j, e = (f"{b.id}_{x}" for x in "sgje")
        condition = f"<activationCondition>=activationCount &gt;= {b.n}</activationCondition>"
        body = f'<startEvent id="{s}"/><endEvent id="{e}"/>' + gateway(g, "parallel")
        body += f'<complexGateway id="{j}">{condition}</complexGateway>' + chain(s, g)
        for work in b.parts[:-1]:
            body += user(work.id) + chain(g, work.id, j)
        inner, first, last = self.block(b.parts[-1])
        return sub(b.id, body + inner + chain(j, first) + chain(last, e)), b.id, b.id

    def tokens(self, b):
        many, work, gather = f"{b.id}_m", b.id, f"{b.id}_g"
        middle = user(work) if b.flag else self._counter(work, f"f_{b.id}")
        xml = f'<task id="{many}" completionQuantity="{b.n}"/>' + middle
        xml += f'<task id="{gather}" startQuantity="{b.n}"/>' + chain(many, work, gather)
        return xml, many, gather

    def several(self, b):
        t, c, e = (f"{b.id}_{x}" for x in "tce")
        self.messages.append(signal_root(f"G_{b.id}", f"tell {b.id}"))
        told = f'<signalEventDefinition id="D_{b.id}" signalRef="G_{b.id}"/>'
        self.messages.append(told)
        word = "one" if b.flag else "none"
        loop = (
            f'<multiInstanceLoopCharacteristics isSequential="{str(b.n % 2 == 0).lower()}" '
            f'behavior="{word.title()}" {word}BehaviorEventRef="D_{b.id}">'
            f"<loopCardinality>{b.n}</loopCardinality></multiInstanceLoopCharacteristics>"
        )
        xml = user(b.id, body=loop) + boundary(t, b.id, refer("signal", f"G_{b.id}"))
        xml += self._counter(c, f"tell_{b.id}") + end(e) + chain(t, c, e)
        return xml, b.id, b.id


class Runs:
    """What these blocks mean; a mixin of the reference model."""

    def run_fork(self, b, scope, path, then):
        v = self._count(scope, f"v_{b.id}") + b.n
        ways = b.parts[:-1] if b.flag else b.parts
        taken = [p for i, p in enumerate(ways[:-1]) if (v >> i) & 1] or ways[-1:]
        self._all(taken + (b.parts[-1:] if b.flag else []), scope, path, then)

    def run_repeat(self, b, scope, path, then):
        def again(turns):
            if turns >= b.n and (turns or b.flag):
                then()
                return
            inner = self.scope(scope)
            inner.own["loopCounter"] = turns + 1
            if b.parts:
                self.inside(b.parts[0], inner, path, lambda: again(turns + 1))
            else:
                self._task(b.id, inner, path, lambda: again(turns + 1))

        again(0)

    def _task(self, name, scope, path, then):
        def act(value):
            self.stop(task)
            scope.set(f"w_{name}", value)
            then()

        task = self.wait(scope, act, (name, path))

    def run_free(self, b, scope, path, then):
        group, inner = [], self.scope(scope)
        inner.within = (*scope.within, group)
        left = [len(b.parts)]

        def after(then_next):
            def done():
                left[0] -= 1
                if b.n and scope.get(f"w_{b.parts[0].id}", -1) >= 0:
                    self.stop(*group)
                    then()
                elif left[0] == 0:
                    then()
                else:
                    then_next()

            return done

        def one(i):
            self.run(b.parts[i], inner, path, after(lambda: one(i + 1)))

        if b.flag:
            one(0)
        else:
            for part in b.parts:
                self.run(part, inner, path, after(lambda: None))

    def run_enough(self, b, scope, path, then):
        inner = self.scope(scope)
        works = b.parts[:-1]
        left, came = [len(works) + 1], [0]

        def one():
            left[0] -= 1
            if left[0] == 0:
                then()

        def arrive():
            came[0] += 1
            if came[0] == b.n:
                self.run(b.parts[-1], inner, path, one)
            one()

        for work in works:
            self._task(work.id, inner, path, arrive)

    def run_tokens(self, b, scope, path, then):
        left = [b.n]

        def one():
            left[0] -= 1
            if left[0] == 0:
                then()

        for _ in range(b.n):
            if b.flag:
                self._task(b.id, scope, path, one)
            else:
                self._count(scope, f"f_{b.id}")
                one()

    def run_several(self, b, scope, path, then):
        done = [0]

        def begin(i):
            child = self.scope(scope, root=True)
            self._task(b.id, child, (*path, i), lambda: ended(i))

        def ended(i):
            done[0] += 1
            if done[0] == 1 or not b.flag:
                self._count(scope, f"tell_{b.id}")
            if done[0] == b.n:
                then()
            elif b.n % 2 == 0:
                begin(i + 1)

        for i in range(1 if b.n % 2 == 0 else b.n):
            begin(i)
