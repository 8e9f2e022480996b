import { copyFileSync } from "node:fs"
import { join } from "node:path"
import { atLeast, type Bench, type Part, type Report } from "../bench.ts"
import { folderOnDisk } from "../measure/folders.ts"
import { loadPeople } from "../measure/load-people.ts"
import { installPeers } from "../measure/peers.ts"
import { alternate, type Candidate, median, noErrors, ratios, warmUpSeconds } from "../measure/rounds.ts"
import { startServer } from "../measure/server-process.ts"
import { renderFigures, summarize } from "../measure/table.ts"
import { knownPeople } from "../servers/session-answer.ts"
import { proveSync } from "./prove-sync.ts"

const whole = "Denglu, logins committed together"
const single = "Denglu, each login committed by itself"
const wholeSlow = "Denglu, together, a flush takes 1 ms more"
const singleSlow = "Denglu, by itself, a flush takes 1 ms more"
const peer = "Express 5 + axios + better-sqlite3"

/** A disk as clouds have them, made out of this one: every flush takes a millisecond longer. Other system calls are not touched. */
const slowDisk = [
  ..."strace -f --seccomp-bpf -o /dev/null -e trace=fsync,fdatasync".split(" "),
  ..."-e inject=fsync,fdatasync:delay_exit=1000".split(" "),
]

export const login: Part = {
  name: "login",
  does: "POST /login over SQLite, synchronous=FULL, 64 connections, WeChat answers at once",
  tools: () => ["wrk", "taskset", "strace"],
  async run(bench: Bench): Promise<Report> {
    if (bench.peers) installPeers(bench.say)
    const folder = folderOnDisk()
    const people = await logPeopleIn(folder, bench.say)
    const upstream = await startServer({ file: "src/servers/upstream.ts", args: [], cpu: 1 })
    try {
      const env = { BENCH_UPSTREAM: `http://127.0.0.1:${upstream.port}`, BENCH_KNOWN: String(knownPeople) }
      const all = candidates(folder, people, env, bench.peers)
      let first = 0
      const results = await alternate({
        candidates: all,
        rounds: bench.rounds,
        warmUpSeconds,
        seconds: bench.seconds,
        repeats: bench.repeats,
        path: "/login",
        load() {
          first += 10_000_000
          const start = first
          return {
            script: "login.lua",
            connections: 64,
            env: () => ({ ...env, BENCH_FIRST: String(start) }),
            own: { upstream: [upstream.pid] },
          }
        },
        say: bench.say,
      })
      const figures = summarize(all, results)
      bench.say(`\n${renderFigures(figures, "logins")}\n`)
      const sync = await proveSync(join(folder, "sync.db"), env, bench.say)
      const ratio = (one: string, other: string) => median(ratios(results, one, other))
      return {
        figures,
        verdicts: [
          atLeast(
            { en: "SQLite: committed together to each by itself", zh: "SQLite：合并提交与逐个提交之比" },
            ratio(whole, single),
            2.5,
          ),
          atLeast(
            {
              en: "SQLite: the same on a disk whose flush takes 1 ms more",
              zh: "SQLite：同上，落盘多花 1 毫秒的磁盘",
            },
            ratio(wholeSlow, singleSlow),
            2.5,
          ),
          ...(bench.peers
            ? [
                atLeast(
                  { en: `SQLite: Denglu to ${peer}`, zh: `SQLite：Denglu 与 ${peer} 之比` },
                  ratio(whole, peer),
                  4,
                ),
              ]
            : []),
          noErrors({ en: "SQLite", zh: "SQLite" }, results),
          ...sync,
        ],
      }
    } finally {
      await upstream.stop()
    }
  },
}

function candidates(
  folder: string,
  people: string,
  env: Readonly<Record<string, string>>,
  peers: boolean,
): readonly Candidate[] {
  const ours = (name: string, file: string, most: number, through?: readonly string[]): Candidate => {
    const path = join(folder, file)
    copyFileSync(people, path)
    const server = { file: "src/servers/login.ts", args: [path, String(most)], cpu: 0, env }
    return {
      name,
      server: through === undefined ? server : { ...server, through },
      against: through === undefined ? single : singleSlow,
    }
  }
  return [
    ours(whole, "together.db", 256),
    ours(single, "single.db", 1),
    ours(wholeSlow, "together-slow.db", 256, slowDisk),
    ours(singleSlow, "single-slow.db", 1, slowDisk),
    ...(peers
      ? [
          {
            name: peer,
            server: { file: "peers/login.js", args: [join(folder, "peer.db")], cpu: 0, env },
            against: single,
          },
        ]
      : []),
  ]
}

/** A database in which everybody is known who is to be, to be copied. */
async function logPeopleIn(folder: string, say: (line: string) => void): Promise<string> {
  say(`logging ${knownPeople} people in, to be known …`)
  const path = join(folder, "people.db")
  await loadPeople(folder, `sqlite:${path}`, { people: knownPeople, sessions: knownPeople })
  return path
}
