"""What event-driven blocks mean, written without a look at the runtime."""

from __future__ import annotations

from typing import ClassVar

from tests.runtime.event_trees import twins
from tests.runtime.reference_model import Model, Scope


class Box:
    """The inside of a scope: done when its path and all its side paths are."""

    def __init__(self, then):
        self.then = then
        self.left = 1
        #: how to undo what was completed inside: (element, what undoes it then calls on)
        self.records = []

    def enter(self):
        self.left += 1

    def leave(self):
        self.left -= 1
        if self.left == 0:
            self.then()


class Heard(list):
    """What waits inside an `Evented`, and what its event does."""

    def __init__(self, name, happened, path=(), scope=None):
        super().__init__()
        self.name = name
        self.happened = happened
        #: of the row in which what is done inside is undone
        self.path = path
        #: and the scope that keeps the log of it
        self.scope = scope


class EventModel(Model):
    """The reference model with events."""

    #: for the scopes that are opened next
    boxes: ClassVar[list] = []

    def inside(self, part, scope, path, then):
        scope.box = Box(then)
        self.run(part, scope, path, scope.box.leave)

    def scope(self, around, *, root=False):
        made = super().scope(around, root=root)
        made.box = self.boxes.pop() if self.boxes else made.box
        return made

    def run_enough(self, b, scope, path, then):
        """Its inside is a scope: side paths of the work inside keep it open."""
        box = Box(then)
        self.boxes.append(box)
        super().run_enough(b, scope, path, box.leave)

    # ---- events

    def run_evented(self, b, scope, path, then):
        inner = Scope(scope)
        if b.kind == "condition":
            inner.own[f"k_{b.id}"] = False
        waits = []

        def done():
            self.stop(*waits)
            then()

        def happened(_=None):
            if b.inside:
                self._inside_event(b, inner, path, group)
            elif b.interrupting:
                self.stop(*waits, *group)
                self.run(b.parts[1], scope, path, then)
            else:
                scope.box.enter()
                self.run(b.parts[1], scope, path, scope.box.leave)

        group = Heard(b.id, happened)
        inner.within = (*scope.within, group)
        inner.box = Box(done)
        waiting = self._outside_event(b, inner if b.inside else scope, happened)
        waits += [waiting] if waiting else []
        self.run(b.parts[0], inner, path, inner.box.leave)

    def _inside_event(self, b, inner, path, group):
        if b.interrupting:
            self.stop(*group)
            inner.box.left = 0
        inner.box.enter()
        self.run(b.parts[1], inner, path, inner.box.leave)

    def _outside_event(self, b, scope, happened):
        if b.kind == "message":

            def heard(_):
                made.turns -= 1
                if b.interrupting:
                    self.stop(made)
                happened()

            made = self.wait(scope, heard, race=b.id)
            made.turns = 1 if b.interrupting else 2
            self.races[b.id] = made
            return made
        if b.kind not in {"timer", "cycle"}:
            return None
        left = [2 if b.kind == "cycle" else 1]

        def rings(_):
            left[0] -= 1
            if left[0]:
                made.due += b.n
            else:
                self.stop(made)
            happened()

        made = self.wait(scope, rings, due=self.now + b.n)
        return made

    def run_trigger(self, b, scope, _path, then):
        group = next(g for g in scope.within if getattr(g, "name", None) == b.of.id)
        happens = True
        if b.of.kind == "error":
            happens = self._count(scope, f"v_{b.id}") % 2
        elif b.of.kind == "condition":
            happens = not scope.get(f"k_{b.of.id}")
            scope.set(f"k_{b.of.id}", happens)
        if happens:
            group.happened()
        if not (happens and b.of.interrupting):
            then()

    def run_jump(self, _b, _scope, _path, then):
        then()

    def run_until(self, b, scope, path, then):
        left = [2]

        def one():
            left[0] -= 1
            if left[0] == 0:
                then()

        def set_():
            scope.set(f"u_{b.id}", 1)
            self.stop(waiting)
            self.run(b.parts[1], scope, path, one)
            one()

        scope.set(f"u_{b.id}", 0)
        waiting = self.wait(scope, None)
        self.run(b.parts[0], scope, path, set_)

    def run_gather(self, b, scope, path, then):
        left = [2]

        def one():
            left[0] -= 1
            if left[0] == 0:
                then()

        def follow():
            self._task(f"{b.id}_u", scope, path, one)

        def after(_):
            if b.flag:
                follow()
            one()

        if not b.flag:
            follow()
        self._task(f"{b.id}_m", scope, path, lambda: after(None))

    def _task(self, name, scope, path, then):
        def act(value):
            self.stop(made)
            scope.set(f"w_{name}", value)
            then()

        made = self.wait(scope, act, (name, path))

    # ---- undoing

    def run_saga(self, b, scope, path, then):
        log = f"log_{b.id}"
        inner = Scope(scope)
        group = Heard(b.id, None, path, inner)
        inner.within = (*scope.within, group)
        if b.cancels:
            scope.set(log, [])
            scope.set(f"n_{b.id}", 0)
        else:
            inner.own.update({log: [], f"n_{b.id}": 0})

        def done():
            if not b.cancels:
                scope.set(f"o_{b.id}", inner.own[log])
                self.run(b.parts[0], scope, path, then)
            else:
                then()

        def finish():
            if not b.cancels:
                records = [r for r in inner.box.records if b.only in (None, r[0])]
                self.undo(records, inner.box.leave)
            elif self._count(inner, f"v_{b.id}") % 2:
                self.stop(*group)
                self.undo(inner.box.records, lambda: self.run(b.parts[0], scope, path, then))
            else:
                inner.box.leave()

        inner.box = Box(done)
        self.steps(b.steps, inner, path, finish)

    def undo(self, records, then):
        """Latest first, one after the other."""
        left = list(records)

        def following():
            if left:
                left.pop()[1](following)
            else:
                then()

        following()

    def steps(self, steps, scope, path, then):
        def after(i):
            if i == len(steps):
                then()
            else:
                self.step(steps[i], scope, path, lambda: after(i + 1))

        after(0)

    def step(self, s, scope, path, then):
        getattr(self, "step_" + s.kind)(s, scope, path, then)

    @staticmethod
    def saga_of(s, scope):
        return next(g for g in scope.within if getattr(g, "name", None) == s.saga)

    def keep(self, s, scope, seen):
        """The step is done: it is undone by a script or a task that logs what it sees."""
        log, group = f"log_{s.saga}", self.saga_of(s, scope)

        def say():
            group.scope.set(log, [*group.scope.get(log), f"{s.id}:{seen()}"])

        def undone(then):
            def act(_value):
                self.stop(made)
                say()
                then()

            if s.undone == "task":
                made = self.wait(scope, act, (f"{s.id}_h", group.path))
            else:
                say()
                then()

        scope.box.records.append((s.id, undone))

    def step_script(self, s, scope, _path, then):
        name = f"n_{s.saga}"
        scope.set(name, scope.get(name) + 1)
        self.keep(s, scope, lambda: scope.get(name))
        then()

    def step_work(self, s, scope, path, then):
        snap = scope.get(f"n_{s.saga}")

        def act(value):
            self.stop(made)
            scope.set(f"w_{s.id}", value)
            self.keep(s, scope, lambda: snap)
            then()

        made = self.wait(scope, act, (s.id, path))

    def step_both(self, s, scope, path, then):
        left = [2]

        def one():
            left[0] -= 1
            if left[0] == 0:
                then()

        for twin in twins(s):
            self.step_work(twin, scope, path, one)

    def step_sub(self, s, scope, path, then):
        inner = Scope(scope)
        before = scope.get(f"n_{s.saga}")

        def done():
            self._keep_inside(s, scope, [(before, inner.box.records)], lambda: before)
            then()

        inner.box = Box(done)
        self.steps(s.steps, inner, path, inner.box.leave)

    def step_many(self, s, scope, path, then):
        done = []

        def begin(i):
            child = Scope(scope, root=True)

            def ended():
                done.append((i + 1, child.box.records))
                if len(done) == s.n:
                    scope.set(f"m_{s.id}", list(range(s.n)))
                    seen = f"n_{s.saga}"
                    self._keep_inside(s, scope, done, lambda: f"{scope.get(seen)}of{s.n}")
                    then()
                elif s.flag:
                    begin(i + 1)

            child.box = Box(ended)
            self.steps(s.steps, child, (*path, i), child.box.leave)

        for i in range(1 if s.flag else s.n):
            begin(i)

    def _keep_inside(self, s, scope, insides, seen):
        """What was done inside is undone by a script, or by itself, child after child."""
        log, group = f"log_{s.saga}", self.saga_of(s, scope)
        if s.undone == "script":
            self.keep(s, scope, seen)
            return

        def say(word):
            group.scope.set(log, [*group.scope.get(log), word])

        def child(number, records):
            def undone(then):
                if s.undone == "inside":
                    say(f"{s.id}<{number}")
                    self.undo(records, lambda: (say(f"{s.id}>"), then()))
                else:
                    self.undo(records, then)

            return undone

        children = [("", child(*one)) for one in insides]
        scope.box.records.append((s.id, lambda then: self.undo(children, then)))
