"""What a tree of blocks means, written without a look at the runtime: continuations and dicts."""

from __future__ import annotations

from tests.runtime import random_trees as t
from tests.runtime.random_activities import Runs


class Scope:
    """Variables with an enclosing scope; `root` ends a write (process, child, called process)."""

    def __init__(self, around=None, *, root=False, within=()):
        self.own = {}
        #: what waits inside each timer-bounded block around, to be stopped by its timer
        self.within = around.within if around is not None else within
        self.around = around
        #: the inside it belongs to: a model with side paths counts there
        self.box = around.box if around is not None else None
        self.root = root or around is None
        self.written = set()

    def get(self, name, default=None):
        at = self
        while at is not None:
            if name in at.own:
                return at.own[name]
            at = at.around
        return default

    def set(self, name, value):
        at = self
        while name not in at.own and not at.root:
            at = at.around
        at.own[name] = value
        at.written.add(name)

    def everything(self):
        above = self.around.everything() if self.around is not None else {}
        return {**above, **self.own}


class Group(list):
    """What waits inside a block that catches, and what its error and escalation do."""

    def __init__(self, name, told, caught):
        super().__init__()
        self.name = name
        self.told = told
        self.caught = caught


class Open:
    """Something that waits: a user task, or a timer."""

    def __init__(self, act, name="", due=None, race=None):
        self.act = act
        self.race = race
        self.name = name
        self.due = due
        self.gone = False
        #: how often a message may still be sent to it
        self.turns = 1


class Model(Runs):
    """Runs a tree; `open` maps (task, item path) to what waits."""

    def __init__(self, tree, variables, now=0):
        self.now = now
        self.waiting = []
        self.races = {}
        self.done = False
        self.root = Scope()
        self.root.own.update(variables)
        self.inside(tree, self.root, (), self._end)

    def _end(self):
        self.done = True

    @staticmethod
    def scope(around, *, root=False):
        return Scope(around, root=root)

    # ---- seen from outside

    def open_tasks(self):
        return sorted(w.name for w in self.waiting if w.name)

    def next_due(self):
        return min((w.due for w in self.waiting if w.due is not None), default=None)

    def complete(self, name, value):
        found = next(w for w in self.waiting if w.name == name)
        found.act(value)

    def pass_to(self, hour):
        self.now = hour
        while True:
            due = [w for w in self.waiting if w.due is not None and w.due <= hour]
            if not due:
                return
            due[0].act(None)

    def hear(self, name):
        self.races[name].act(None)

    # ---- waiting

    def wait(self, scope, act, name="", due=None, race=None):
        made = Open(act, name, due, race)
        self.waiting.append(made)
        for group in scope.within:
            group.append(made)
        return made

    def stop(self, *waiting):
        for one in waiting:
            if not one.gone:
                one.gone = True
                self.waiting.remove(one)
                self.races.pop(one.race, None)

    # ---- blocks

    def inside(self, part, scope, path, then):
        """A scope with a start and an end: done when its path and all its side paths are."""
        self.run(part, scope, path, then)

    def run(self, b, scope, path, then):
        getattr(self, "run_" + type(b).__name__.lower())(b, scope, path, then)

    def run_seq(self, b, scope, path, then):
        def after(i):
            if i == len(b.parts):
                then()
            else:
                self.run(b.parts[i], scope, path, lambda: after(i + 1))

        after(0)

    def run_work(self, b, scope, path, then):
        def act(value):
            self.stop(task)
            scope.set(f"w_{b.id}", value)
            then()

        task = self.wait(scope, act, (b.id, path))

    def run_count(self, b, scope, _path, then):
        scope.set(f"s{b.n}", scope.get(f"s{b.n}") + 1)
        then()

    def run_fresh(self, b, scope, _path, then):
        self._count(scope, f"f_{b.id}")
        then()

    @staticmethod
    def _count(scope, name):
        scope.set(name, scope.get(name, 0) + 1)
        return scope.get(name)

    def _all(self, parts, scope, path, then):
        left = [len(parts)]

        def one():
            left[0] -= 1
            if left[0] == 0:
                then()

        for part in parts:
            self.run(part, scope, path, one)

    def run_and(self, b, scope, path, then):
        self._all(b.parts, scope, path, then)

    def run_or(self, b, scope, path, then):
        v = self._count(scope, f"v_{b.id}") + b.n
        taken = [p for i, p in enumerate(b.parts[:-1]) if (v >> i) & 1]
        self._all(taken or b.parts[-1:], scope, path, then)

    def run_xor(self, b, scope, path, then):
        v = self._count(scope, f"v_{b.id}") % len(b.parts)
        self.run(b.parts[v], scope, path, then)

    def run_loop(self, b, scope, path, then):
        scope.set(f"l_{b.id}", 0)

        def again():
            self.run(b.parts[0], scope, path, after)

        def after():
            if self._count(scope, f"l_{b.id}") >= b.n:
                then()
            else:
                again()

        again()

    def run_sub(self, b, scope, path, then):
        inner = Scope(scope)
        inner.own[f"loc_{b.id}"] = 6

        def after():
            if b.flag:
                scope.set(f"o_{b.id}", inner.own[f"loc_{b.id}"])
            then()

        self.inside(b.parts[0], inner, path, after)

    def run_many(self, b, scope, path, then):
        results = [None] * b.n
        left = [b.n]

        def finish():
            scope.set(f"m_{b.id}", results)
            then()

        def begin(i):
            child = Scope(scope, root=True)
            child.own.update(item=i * 10, loopCounter=i + 1)

            def ended():
                results[i] = i * 10 + child.get(f"w_{b.id}")
                left[0] -= 1
                if left[0] == 0:
                    finish()
                elif b.flag:
                    begin(i + 1)

            self._child(b, child, (*path, i), ended)

        if b.n == 0:
            finish()
        for i in range(min(b.n, 1) if b.flag else b.n):
            begin(i)

    def _child(self, b, child, path, ended):
        def worked(value):
            self.stop(task)
            child.set(f"w_{b.id}", value)
            ended()

        def after():
            child.set(f"w_{b.id}", child.get("item") + 1)
            ended()

        if b.parts:
            self.inside(b.parts[0], child, path, after)
        else:
            task = self.wait(child, worked, (b.id, path))

    def run_call(self, b, scope, path, then):
        called = Scope(root=True, within=scope.within)
        called.own.update(scope.everything())

        def after():
            for name in called.written:
                scope.set(name, called.own[name])
            then()

        self.inside(b.parts[0], called, path, after)

    def run_wait(self, b, scope, _path, then):
        def act(_):
            self.stop(timer)
            then()

        timer = self.wait(scope, act, due=self.now + b.n)

    def run_guarded(self, b, scope, path, then):
        def work(value):
            self.stop(task, timer)
            scope.set(f"w_{b.id}", value)
            then()

        def late(_):
            self.stop(task, timer)
            self.run(b.parts[0], scope, path, then)

        task = self.wait(scope, work, (b.id, path))
        timer = self.wait(scope, late, due=self.now + b.n)

    def run_bounded(self, b, scope, path, then):
        inside = []

        def late(_):
            self.stop(timer, *inside)
            self.run(b.parts[1], scope, path, then)

        def in_time():
            self.stop(timer)
            then()

        timer = self.wait(scope, late, due=self.now + b.n)
        inner = Scope(scope)  # holds no names: only who is stopped with it
        inner.within = (*scope.within, inside)
        self.run(b.parts[0], inner, path, in_time)

    def run_risky(self, b, scope, path, then):
        def caught():
            self.stop(*group)
            self.run(b.parts[1], scope, path, then)

        group = Group(b.id, lambda: self._count(scope, f"esc_{b.id}"), caught)
        inner = Scope(scope)
        inner.within = (*scope.within, group)
        self.run(b.parts[0], inner, path, then)

    def run_alarm(self, b, scope, _path, then):
        group = next(g for g in scope.within if getattr(g, "name", None) == b.of)
        if not b.n:
            group.told()
        runs = self._count(scope, f"v_{b.id}")
        bad = scope.get("item") == (b.n - 1) * 10 if b.n else runs % 2
        (group.caught if bad else then)()

    def run_reminded(self, b, scope, path, then):
        left = [2]

        def work(value):
            self.stop(task, timer)
            scope.set(f"w_{b.id}", value)
            then()

        def remind(_):
            self._count(scope, f"rem_{b.id}")
            left[0] -= 1
            if left[0]:
                timer.due += b.n
            else:
                self.stop(timer)

        task = self.wait(scope, work, (b.id, path))
        timer = self.wait(scope, remind, due=self.now + b.n)

    def run_race(self, b, scope, path, then):
        def heard(_):
            self.stop(timer)
            self.run(b.parts[0], scope, path, then)

        def late(_):
            self.stop(timer)
            self.run(b.parts[1], scope, path, then)

        timer = self.wait(scope, late, due=self.now + b.n, race=b.id)
        self.races[b.id] = Open(heard)

    def run_mesh(self, b, scope, path, then):
        first, second, third, fourth, fifth = b.parts
        seen = {"j1": 0, "j2": 0}

        def at(join, go):
            def arrive():
                seen[join] += 1
                if seen[join] == 2:
                    go()

            return arrive

        j2 = at("j2", then)
        j1 = at("j1", lambda: self.run(fifth, scope, path, j2))

        def split():
            self.run(third, scope, path, j1)
            self.run(fourth, scope, path, j2)

        self.run(first, scope, path, split)
        self.run(second, scope, path, j1)

    def run_tangle(self, b, scope, path, then):
        scope.set(f"t_{b.id}", 0)

        def at(i):
            self.run(b.parts[i], scope, path, lambda: after(i))

        def after(i):
            turns = self._count(scope, f"t_{b.id}")
            if turns >= b.n:
                then()
            else:
                at(b.goto[i][turns % 2])

        at(0)


_ = t
