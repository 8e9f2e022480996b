import { join } from "node:path"
import { atLeast, type Bench, type Part, type Verdict } from "../bench.ts"
import { temporaryFolder } from "../measure/folders.ts"
import { installPeers } from "../measure/peers.ts"
import { alternate, type Candidate, median } from "../measure/rounds.ts"
import { startServer } from "../measure/server-process.ts"
import { renderResults } from "../measure/table.ts"
import { ratios } from "./check.ts"
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
  async run(bench: Bench): Promise<readonly Verdict[]> {
    if (bench.peers) installPeers(bench.say)
    const folder = temporaryFolder()
    const upstream = await startServer({ file: "src/servers/upstream.ts", args: [], cpu: 1 })
    try {
      const env = { BENCH_UPSTREAM: `http://127.0.0.1:${upstream.port}` }
      const ours = (
        name: string,
        file: string,
        most: string,
        against: string,
        through?: readonly string[],
      ) => ({
        name,
        server: {
          file: "src/servers/login.ts",
          args: [join(folder, file), most],
          cpu: 0,
          env,
          ...(through === undefined ? {} : { through }),
        },
        against,
      })
      const candidates: readonly Candidate[] = [
        ours(whole, "together.db", "256", single),
        ours(single, "single.db", "1", single),
        ours(wholeSlow, "together-slow.db", "256", singleSlow, slowDisk),
        ours(singleSlow, "single-slow.db", "1", singleSlow, slowDisk),
        ...(bench.peers
          ? [
              {
                name: peer,
                server: { file: "peers/login.js", args: [join(folder, "peer.db")], cpu: 0, env },
                against: single,
              },
            ]
          : []),
      ]
      let first = 0
      const results = await alternate({
        candidates,
        rounds: bench.rounds,
        warmUpSeconds: 2,
        seconds: bench.seconds,
        path: "/login",
        load() {
          first += 10_000_000
          return {
            script: "login.lua",
            connections: 64,
            env: { BENCH_FIRST: String(first) },
            own: [upstream.pid],
          }
        },
        say: bench.say,
      })
      bench.say(`\n${renderResults(candidates, results, "logins")}\n`)
      const sync = await proveSync(join(folder, "sync.db"), env, bench.say)
      return [
        atLeast("login: committed together to each by itself", median(ratios(results, whole, single)), 2.5),
        atLeast(
          "login: the same on a disk whose flush takes 1 ms more",
          median(ratios(results, wholeSlow, singleSlow)),
          2.5,
        ),
        ...(bench.peers
          ? [atLeast(`login: Denglu to ${peer}`, median(ratios(results, whole, peer)), 4)]
          : []),
        sync,
      ]
    } finally {
      await upstream.stop()
    }
  },
}
