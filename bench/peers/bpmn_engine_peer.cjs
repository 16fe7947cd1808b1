"use strict";
// bpmn-engine in a process of its own: state recovered, run, and saved as JSON with each step,
// as its documentation keeps it; one transaction with SELECT and UPDATE, as the other peers do.

const { createRequire } = require("node:module");
const readline = require("node:readline");
const { EventEmitter } = require("node:events");

const config = JSON.parse(process.argv[2]);
const installed = createRequire(`${config.installed}/package.json`);
const { Engine } = installed("bpmn-engine");

const PRAGMAS = ["journal_mode=WAL", "synchronous=FULL", "cache_size=-20000"];
const traffic = { statements: 0, commits: 0, bytes: 0 };

function sqlite(path) {
  const { DatabaseSync } = installed("@photostructure/sqlite");
  const database = new DatabaseSync(path);
  for (const pragma of PRAGMAS) database.exec(`PRAGMA ${pragma}`);
  database.exec("CREATE TABLE bench_state (key INTEGER PRIMARY KEY, state TEXT NOT NULL)");
  const kept = new Map();
  return {
    async run(sql, values) {
      const text = sql.replace(/\$\d/g, "?");
      if (!kept.has(text)) kept.set(text, database.prepare(text));
      const statement = kept.get(text);
      if (sql.startsWith("SELECT")) return statement.all(...values);
      statement.run(...values);
      return [];
    },
    begin: async () => database.exec("BEGIN IMMEDIATE"),
    commit: async () => database.exec("COMMIT"),
  };
}

async function postgres({ name, host, port, user }) {
  const { Client } = installed("pg");
  const client = new Client({ database: name, host, port: Number(port), user });
  await client.connect();
  await client.query("CREATE TABLE bench_state (key integer PRIMARY KEY, state text NOT NULL)");
  return {
    run: async (sql, values) => (await client.query({ name: sql, text: sql, values })).rows,
    begin: () => client.query("BEGIN"),
    commit: () => client.query("COMMIT"),
  };
}

// answers of people are kept as the instance's output, the way its documentation extends it
function keepAnswers(activity, { environment }) {
  if (activity.type !== "bpmn:UserTask") return;
  activity.on("end", (api) => {
    environment.output[api.id] = api.content.output;
  });
}

class Peer {
  constructor(database) {
    this.database = database;
    this.key = 0;
  }

  steps() {
    const complete = () => this.complete();
    return [() => this.start(), complete, complete, complete];
  }

  async start() {
    const engine = new Engine({
      name: "office",
      source: config.source,
      extensions: { keepAnswers },
    });
    const variables = structuredClone(config.form);
    await engine.execute({ listener: new EventEmitter(), variables });
    this.key += 1;
    const state = JSON.stringify(await engine.getState());
    await this.database.begin();
    await this.send("INSERT INTO bench_state (key, state) VALUES ($1, $2)", [this.key, state]);
    await this.commit();
  }

  async complete() {
    await this.database.begin();
    const [row] = await this.send(`SELECT state FROM bench_state WHERE key = $1${config.lock}`, [
      this.key,
    ]);
    const engine = new Engine({ name: "office", extensions: { keepAnswers } });
    engine.recover(JSON.parse(row.state), { extensions: { keepAnswers } });
    const execution = await engine.resume({ listener: new EventEmitter() });
    const [task] = execution.getPostponed().filter((api) => api.type === "bpmn:UserTask");
    task.signal(config.values);
    this.state = JSON.stringify(await engine.getState());
    this.ended = execution.state !== "running";
    await this.send("UPDATE bench_state SET state = $1 WHERE key = $2", [this.state, this.key]);
    await this.commit();
  }

  async send(sql, values) {
    traffic.statements += 1;
    if (!sql.startsWith("SELECT")) {
      for (const value of values) {
        traffic.bytes += typeof value === "string" ? Buffer.byteLength(value) : 8;
      }
    }
    return this.database.run(sql, values);
  }

  async commit() {
    traffic.commits += 1;
    await this.database.commit();
  }

  async counted() {
    const found = [];
    let state = 0;
    for (const [number, step] of this.steps().entries()) {
      Object.assign(traffic, { statements: 0, commits: 0, bytes: 0 });
      await step();
      found.push({ ...traffic });
      if (number === 1) state = Buffer.byteLength(this.state);
    }
    if (!this.ended) throw new Error("the process did not end");
    return { steps: found, state };
  }

  async timed() {
    const found = [];
    for (const step of this.steps()) {
      const wall = process.hrtime.bigint();
      const before = process.cpuUsage();
      await step();
      const used = process.cpuUsage(before);
      const seconds = Number(process.hrtime.bigint() - wall) / 1e9;
      found.push([(used.user + used.system) / 1e6, seconds]);
    }
    return found;
  }
}

function say(told) {
  process.stdout.write(`${JSON.stringify(told)}\n`);
}

async function main() {
  const asked = config.database;
  const peer = new Peer(asked.kind === "SQLite" ? sqlite(asked.path) : await postgres(asked));
  say({ ready: true });
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const wish = JSON.parse(line);
    if (wish.do === "count") {
      say(await peer.counted());
      continue;
    }
    const instances = [];
    for (let turn = 0; turn < wish.times; turn += 1) instances.push(await peer.timed());
    say({ instances });
  }
  process.exit(0);
}

main();
