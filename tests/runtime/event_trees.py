"""Event-driven blocks for random processes: event sub-processes, boundaries, jumps, undoing."""

from __future__ import annotations

from tests.runtime.drawn import (
    boundary,
    catch,
    chain,
    end,
    error,
    escalation,
    flow,
    gateway,
    io,
    message,
    multi,
    refer,
    script,
    signal,
    start,
    sub,
    throw,
    timer,
    user,
)
from tests.runtime.random_trees import Block, Drawer, Maker, Seq

#: what the inside of an `Evented` does to set its event off; the others come from outside
INSIDE = ("error", "escalation", "condition", "signal")


class Evented(Block):
    """A sub-process (part 0) with an event on its edge or in an event sub-process (part 1)."""

    kind: str
    #: an event sub-process inside, not a boundary event
    inside: bool
    interrupting: bool


class Trigger(Block):
    """Sets the event of the block `of` off."""

    of: Evented


class Jump(Block):
    """A pair of links."""


class Until(Block):
    """Beside part 0 and a flag set after it, a catch event that waits for the flag; then part 1."""


class Gather(Block):
    """Beside two signals, a catch event for one of them or (flag) for both."""


class Saga(Block):
    """Steps in a sub-process, then their undoing; `cancels`: in a transaction, every other run.

    The last part follows the cancel boundary event of a transaction.
    """

    steps: list
    #: undone alone; None: all
    only: str | None
    cancels: bool


class Step(Block):
    """What can be undone: a script, a task, a sub-process or multi-instance with steps inside."""

    kind: str
    saga: str
    #: undone by: script, task; of what has steps: default, script, inside (event sub-process)
    undone: str
    steps: list


class EventMaker(Maker):
    """Makes trees in which events happen."""

    def block(self, depth, *, shared, alone):
        if self.left > 0 and depth < 4 and self.rnd.random() < 0.45:
            self.left -= 1
            pick = self.rnd.choice
            kind = pick([Evented, Evented, Evented, Saga, Jump, Until] + [Gather] * alone)
            made = kind(self.name(kind.__name__))
            made.n, made.flag = self.rnd.randint(1, 4), self.rnd.random() < 0.5
            getattr(self, "fill_" + kind.__name__.lower())(made, depth + 1, shared, alone)
            return made
        return super().block(depth, shared=shared, alone=alone)

    def fill_jump(self, made, depth, shared, alone):
        pass

    def fill_gather(self, made, depth, shared, alone):
        pass

    def fill_until(self, made, depth, shared, _alone):
        made.parts = [self.seq(depth, shared=shared, alone=False) for _ in range(2)]

    def fill_evented(self, made, depth, shared, alone):
        kinds = ["timer", "cycle", "error", "escalation", "condition"]
        kinds += ["message", "signal"] * alone
        made.kind = self.rnd.choice(kinds)
        made.inside = self.rnd.random() < 0.6
        made.interrupting = made.kind == "error" or (
            made.kind != "cycle" and self.rnd.random() < 0.5
        )
        quiet = alone and made.kind in {"timer", "cycle", "message"}
        body = self.seq(depth, shared=shared, alone=quiet)
        if made.kind in INSIDE:
            again = self.rnd.randint(1, 3)
            parts = [body]
            for _ in range(again):
                trigger = Trigger(self.name("Trigger"))
                trigger.of = made
                parts += [trigger, self.seq(4, shared=shared, alone=False)]
            body = Seq(self.name("Seq"), parts)
        # beside the inside several may run at once: simple ones, whose order does not matter
        after = self.seq(depth if made.interrupting else 4, shared=shared, alone=False)
        made.parts = [body, after]

    def fill_saga(self, made, depth, shared, _alone):
        made.cancels = self.rnd.random() < 0.4
        made.steps = [self.step(made.id, depth) for _ in range(self.rnd.randint(1, 4))]
        named = [step.id for step in made.steps if step.kind != "both"]
        made.only = self.rnd.choice(named) if named and self.rnd.random() < 0.3 else None
        made.parts = [self.seq(depth, shared=shared, alone=False)]

    def step(self, saga, depth):
        made = Step(self.name("Step"))
        kinds = ["script", "script", "work", "both"] + ["sub", "many"] * (depth < 4)
        made.kind, made.saga, made.steps = self.rnd.choice(kinds), saga, []
        made.undone = self.rnd.choice(["script", "task"])
        made.n = self.rnd.randint(1, 3)
        made.flag = self.rnd.random() < 0.5
        if made.kind in {"sub", "many"}:
            made.steps = [self.step(saga, depth + 1) for _ in range(self.rnd.randint(1, 2))]
            made.undone = self.rnd.choice(["default", "default", "script", "inside"])
        return made


class EventDrawer(Drawer):
    """Draws them."""

    def event(self, b):
        refs = {"message": "M", "error": "X", "escalation": "C", "signal": "G"}
        if b.kind in refs:
            made = {
                "message": lambda: message(f"M_{b.id}", b.id, f'="{b.id}"'),
                "error": lambda: error(f"X_{b.id}", b.id),
                "escalation": lambda: escalation(f"C_{b.id}", b.id),
                "signal": lambda: signal(f"G_{b.id}", b.id),
            }[b.kind]()
            self.messages.append(made)
            return refer(b.kind, f"{refs[b.kind]}_{b.id}")
        if b.kind == "condition":
            return conditional(f"=k_{b.id}")
        if b.kind == "cycle":
            return timer("Cycle", f"R2/PT{b.n}H")
        return timer("Duration", f"PT{b.n}H")

    def evented(self, b):
        body, first, last = self.block(b.parts[0])
        then, begin, done = self.block(b.parts[1])
        event, after = self.event(b), f"{b.id}_o"
        given = io({f"k_{b.id}": "=false"}) if b.kind == "condition" else ""
        inner = f'<startEvent id="S_{b.id}"/><endEvent id="E_{b.id}"/>' + body
        inner += chain(f"S_{b.id}", first) + chain(last, f"E_{b.id}")
        if b.inside:
            caught = f"{b.id}_s"
            there = inner_start(caught, event, interrupting=b.interrupting)
            there += then + end(f"{b.id}_e") + chain(caught, begin) + chain(done, f"{b.id}_e")
            inner += f'<subProcess id="{b.id}_h" triggeredByEvent="true">{there}</subProcess>'
            return sub(b.id, inner, given), b.id, b.id
        caught = f"{b.id}_b"
        xml = sub(b.id, inner, given) + boundary(caught, b.id, event, interrupting=b.interrupting)
        xml += then + gateway(after) + chain(b.id, after) + chain(caught, begin)
        if b.interrupting:
            return xml + chain(done, after), b.id, after
        return xml + end(f"{b.id}_e") + chain(done, f"{b.id}_e"), b.id, after

    def trigger(self, b):
        kind, of = b.of.kind, b.of.id
        if kind == "condition":
            return script(b.id, f"k_{of}", f"not(k_{of})"), b.id, b.id
        if kind == "signal":
            return throw(b.id, refer("signal", f"G_{of}")), b.id, b.id
        if kind == "escalation":
            return throw(b.id, refer("escalation", f"C_{of}")), b.id, b.id
        c, x, e, after = (f"{b.id}_{s}" for s in "cxeo")
        xml = self._counter(c, f"v_{b.id}") + gateway(x, default=f"{x}_d") + gateway(after)
        xml += end(e, refer("error", f"X_{of}")) + chain(c, x)
        return xml + flow(x, e, f"=odd(v_{b.id})") + flow(x, after, id_=f"{x}_d"), c, after

    def jump(self, b):
        one, other = f"{b.id}_t", f"{b.id}_c"
        xml = throw(one, f'<linkEventDefinition name="{b.id}"/>')
        return xml + catch(other, f'<linkEventDefinition name="{b.id}"/>'), one, other

    def until(self, b):
        split, join, zero, set_, wait = (f"{b.id}_{s}" for s in ("s", "j", "z", "f", "w"))
        before, b1, b2 = self.block(b.parts[0])
        then, t1, t2 = self.block(b.parts[1])
        xml = script(zero, f"u_{b.id}", "0") + gateway(split, "parallel") + before + then
        xml += gateway(join, "parallel") + script(set_, f"u_{b.id}", "1")
        xml += catch(wait, conditional(f"=u_{b.id} = 1")) + chain(zero, split, b1)
        xml += chain(b2, set_, join) + chain(split, wait, t1) + chain(t2, join)
        return xml, zero, join

    def gather(self, b):
        split, join, one, two, wait, mid = (f"{b.id}_{s}" for s in ("s", "j", "1", "2", "w", "m"))
        self.messages.append(signal(f"A_{b.id}", one) + signal(f"B_{b.id}", two))
        both = refer("signal", f"A_{b.id}") + refer("signal", f"B_{b.id}")
        parallel = f" parallelMultiple='{str(b.flag).lower()}'"
        xml = gateway(split, "parallel") + gateway(join, "parallel") + user(mid)
        xml += f'<intermediateCatchEvent id="{wait}"{parallel}>{both}</intermediateCatchEvent>'
        xml += throw(one, refer("signal", f"A_{b.id}")) + throw(two, refer("signal", f"B_{b.id}"))
        xml += user(f"{b.id}_u") + chain(split, wait, f"{b.id}_u", join)
        return xml + chain(split, one, mid, two, join), split, join

    def saga(self, b):
        log = f"log_{b.id}"
        inner = f'<startEvent id="S_{b.id}"/>' + end(f"E_{b.id}")
        first, last = f"S_{b.id}", None
        for step in b.steps:
            xml, one, two = self.step(step)
            inner += xml + chain(last or first, one)
            last = two
        rest, begin, done = self.block(b.parts[0])
        mapping = io({log: "=[]", f"n_{b.id}": "=0"}, {f"o_{b.id}": f"={log}"})
        if not b.cancels:
            undo = f"{b.id}_t"
            inner += throw(undo, compensate(b.only)) + chain(last, undo, f"E_{b.id}")
            xml = sub(b.id, inner, mapping)
            return xml + rest + chain(b.id, begin), b.id, done
        c, x, e, out, after = (f"{b.id}_{s}" for s in "cxebo")
        inner += self._counter(c, f"v_{b.id}") + gateway(x, default=f"{x}_d")
        inner += end(e, "<cancelEventDefinition/>") + chain(last, c, x)
        inner += flow(x, e, f"=odd(v_{b.id})") + flow(x, f"E_{b.id}", id_=f"{x}_d")
        zero, known = f"{b.id}_z", f"{b.id}_y"
        xml = script(zero, log, "[]") + script(known, f"n_{b.id}", "0") + chain(zero, known, b.id)
        xml += f'<transaction id="{b.id}">{inner}</transaction>' + gateway(after) + rest
        xml += boundary(out, b.id, "<cancelEventDefinition/>") + chain(b.id, after)
        return xml + chain(out, begin) + chain(done, after), zero, after

    def step(self, s):
        """XML, first and last element of one step with what undoes it."""
        handler, event = f"{s.id}_h", f"{s.id}_b"
        xml = getattr(self, "_step_" + s.kind)(s)
        if s.kind == "both":
            return xml
        if s.undone not in {"default", "inside"}:
            xml += boundary(event, s.id, compensate())
            xml += f'<association id="{s.id}_a" sourceRef="{event}" targetRef="{handler}"/>'
            xml += self._undo(s, handler)
        return xml, s.id, s.id

    @staticmethod
    def _undo(s, handler):
        log = f"log_{s.saga}"
        seen = {"work": "snap", "sub": f"q_{s.id}"}.get(s.kind, f"n_{s.saga}")
        if s.kind == "many":
            seen = f'string(n_{s.saga}) + "of" + string(count(m_{s.id}))'
        else:
            seen = f"string({seen})"
        value = f'append({log}, "{s.id}:" + {seen})'
        if s.undone == "task":
            made = user(handler, io(None, {log: "=" + value}))
        else:
            made = script(handler, log, value)
        tag = "userTask" if s.undone == "task" else "scriptTask"
        return made.replace(f"<{tag} ", f"<{tag} isForCompensation='true' ", 1)

    @staticmethod
    def _step_script(s):
        return script(s.id, f"n_{s.saga}", f"n_{s.saga} + 1")

    @staticmethod
    def _step_work(s):
        return user(s.id, io({"snap": f"=n_{s.saga}"}, {f"w_{s.id}": f"=x_{s.id}"}))

    def _step_both(self, s):
        """Two tasks side by side; their order is that of people."""
        split, join = f"{s.id}_s", f"{s.id}_j"
        xml = gateway(split, "parallel") + gateway(join, "parallel")
        for one in twins(s):
            made, first, last = self.step(one)
            xml += made + chain(split, first) + chain(last, join)
        return xml, split, join

    def _inside(self, s):
        xml, last = f'<startEvent id="S_{s.id}"/>', f"S_{s.id}"
        for step in s.steps:
            made, one, two = self.step(step)
            xml += made + chain(last, one)
            last = two
        xml += end(f"E_{s.id}") + chain(last, f"E_{s.id}")
        if s.undone == "inside":
            a, t, c, e = (f"{s.id}_{x}" for x in ("i", "it", "ic", "ie"))
            log = f"log_{s.saga}"
            seen = "loopCounter" if s.kind == "many" else f"q_{s.id}"
            there = inner_start(a, compensate(), interrupting=True)
            there += script(f"{s.id}_i1", log, f'append({log}, "{s.id}<" + string({seen}))')
            there += throw(t, compensate()) + script(c, log, f'append({log}, "{s.id}>")') + end(e)
            there += chain(a, f"{s.id}_i1", t, c, e)
            xml += f'<subProcess id="{s.id}_c" triggeredByEvent="true">{there}</subProcess>'
        return xml

    def _step_sub(self, s):
        return sub(s.id, self._inside(s), io({f"q_{s.id}": f"=n_{s.saga}"}))

    def _step_many(self, s):
        items = "=[" + ",".join(str(i) for i in range(s.n)) + "]"
        loop = multi(items, "item", sequential=s.flag, out=f"m_{s.id}", out_element="=item")
        return sub(s.id, self._inside(s) + loop)


def twins(s):
    """The two tasks of a step that is done side by side."""
    found = []
    for number in (1, 2):
        made = Step(f"{s.id}_{number}")
        made.kind, made.saga, made.steps, made.undone = "work", s.saga, [], s.undone
        found.append(made)
    return found


def conditional(text):
    return f"<conditionalEventDefinition><condition>{text}</condition></conditionalEventDefinition>"


def compensate(activity=None):
    ref = f' activityRef="{activity}"' if activity else ""
    return f"<compensateEventDefinition{ref}/>"


def inner_start(id_, definition, *, interrupting):
    word = str(interrupting).lower()
    return start(id_, definition).replace("<startEvent ", f"<startEvent isInterrupting='{word}' ")
