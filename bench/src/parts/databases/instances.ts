import { atLeast, type Verdict } from "../../bench.ts"
import { cpuShare } from "../../measure/cpu-share.ts"
import {
  alternate,
  type Candidate,
  median,
  medianOf,
  noErrors,
  type Result,
  ratios,
  warmUpSeconds,
} from "../../measure/rounds.ts"
import { knownPeople } from "../../servers/session-answer.ts"
import { ours } from "./candidates.ts"
import { whereTheCoresWent } from "./judge-log-ins.ts"
import { freshCodes, serverEnv } from "./log-ins.ts"
import { inPostgres } from "./places.ts"
import { type Section, tabulate } from "./section.ts"

/**
 * The part of core 0 that one instance may use. Two of them then leave core 1, where database, WeChat and wrk are, enough room to
 * keep up: on two cores that is the only way to see how instances add up while the database is not what limits.
 */
const share = 0.3

const one = "one instance, 0.3 of a core"
const two = "two instances, 0.3 of a core each"
const oneFree = "one instance, a core"
const twoFree = "two instances on that core"

/** One instance and two on one database. */
export const measureInstances: Section = async (world, bench) => {
  bench.say("\n-- one instance and two on one PostgreSQL, 64 clients for each\n")
  const groups = [cpuShare("one", share), cpuShare("two", share)]
  const canLimit = groups.every(group => group !== undefined)
  if (!canLimit) bench.say("processes can't be given a part of a core here: it takes root and control groups")
  const server = { ...ours(), env: serverEnv(world.upstream, 64) }
  const instances = (name: string, count: 1 | 2, limited: boolean): Candidate => ({
    name,
    server,
    beside: count === 2 ? [server] : [],
    open: () => inPostgres(world, "people"),
    ...(limited
      ? {
          ready: servers => {
            servers.forEach(({ pid }, index) => {
              groups[index]?.add(pid)
            })
          },
        }
      : {}),
  })
  const all = [
    ...(canLimit ? [instances(one, 1, true), instances(two, 2, true)] : []),
    instances(oneFree, 1, false),
    instances(twoFree, 2, false),
  ]
  const run = () =>
    alternate({
      candidates: all,
      rounds: bench.rounds,
      warmUpSeconds,
      seconds: bench.seconds,
      repeats: bench.repeats,
      path: "/login",
      load: () => ({
        script: "login.lua",
        connections: 64,
        env: freshCodes(knownPeople),
        own: { upstream: [world.upstream.pid] },
      }),
      say: bench.say,
    })
  const results = await run().finally(() => {
    for (const group of groups) group?.remove()
  })
  return {
    figures: { instances: tabulate(bench, all, results, "logins") },
    verdicts: [judge(results, canLimit), noErrors({ en: "two instances", zh: "两个实例" }, results)],
  }
}

function judge(results: readonly Result[], canLimit: boolean): Verdict {
  const [few, many] = canLimit ? [one, two] : [oneFree, twoFree]
  const micros = (name: string) => medianOf(results, name, window => window.micros.database)
  const [before, after] = [few, many].map(name => micros(name).toFixed(0))
  const free = median(ratios(results, twoFree, oneFree)).toFixed(2)
  const [limited, whole] = [whereTheCoresWent(results, many), whereTheCoresWent(results, twoFree)]
  const note = {
    en:
      `${canLimit ? `each may use ${share} of core 0` : "both share core 0: that is what limits"}; ${limited.en}; ` +
      `database CPU a login ${before} µs with one, ${after} µs with two. On a whole core two reach ${free} of one: ${whole.en}`,
    zh:
      `${canLimit ? `每个实例最多用 0 号核的 ${share}` : "两个实例共用 0 号核，瓶颈在此"}；${limited.zh}；` +
      `每次登录的数据库 CPU：一个实例 ${before} 微秒，两个 ${after} 微秒。不限额时，两个实例共用一核是一个的 ${free}：${whole.zh}`,
  }
  const what = { en: "logins: two instances to one", zh: "登录：两个实例与一个之比" }
  return atLeast(what, median(ratios(results, many, few)), 1.6, "×", note)
}
