import { atLeast, atMost, type Text, type Verdict } from "../../bench.ts"
import { type Measured, median, medianOf, noErrors, type Result, ratios } from "../../measure/rounds.ts"
import { inChinese, type Name, names } from "./candidates.ts"

/** Where the two cores went in a window: core 0 is the server's, core 1 everybody else's. */
export function whereTheCoresWent(results: readonly Result[], name: string): Text {
  const cores = (who: string) => medianOf(results, name, window => window.cores[who] ?? 0)
  const [server, database, upstream, load] = ["server", "database", "upstream", "load"].map(cores) as [
    number,
    number,
    number,
    number,
  ]
  const other = database + upstream + load
  const [one, rest, db, wechat, wrk] = [server, other, database, upstream, load].map(value =>
    value.toFixed(2),
  )
  return {
    en: `core 0: server ${one}; core 1: ${rest} (database ${db}, WeChat ${wechat}, wrk ${wrk})`,
    zh: `0 号核：服务器 ${one}；1 号核：${rest}（数据库 ${db}，微信 ${wechat}，wrk ${wrk}）`,
  }
}

const has = (results: readonly Result[], name: Name) => results.some(result => result.name === names[name])

/** At least so many times the other's throughput, round by round. Nothing is said about who was not measured. */
function times(
  results: readonly Result[],
  one: Name,
  other: Name,
  least: number,
  how: Text = { en: "", zh: "" },
): readonly Verdict[] {
  if (!has(results, one) || !has(results, other)) return []
  const ratio = median(ratios(results, names[one], names[other]))
  const note = whereTheCoresWent(results, names[one])
  const what = {
    en: `logins${how.en}: ${names[one]} to ${names[other]}`,
    zh: `登录${how.zh}：${inChinese(names[one])} 与 ${inChinese(names[other])} 之比`,
  }
  return [atLeast(what, ratio, least, "×", note)]
}

/** What is wanted with 64 clients and a WeChat that answers at once. */
export function judgeMany(results: readonly Result[]): readonly Verdict[] {
  const postgres = names.postgres
  const of = (pick: (window: Measured) => number | undefined) => medianOf(results, postgres, pick)
  return [
    ...times(results, "postgres", "axios", 5),
    ...times(results, "postgres", "request", 3.5),
    ...times(results, "postgres", "single", 1.8),
    ...times(results, "postgres", "memory", 0.5),
    ...(has(results, "postgres")
      ? [
          atMost(
            { en: `logins: p99 of ${postgres}`, zh: `登录：${postgres} 的 p99` },
            of(({ p99 }) => p99),
            12,
            "ms",
            whereTheCoresWent(results, postgres),
          ),
          atMost(
            { en: `logins: fsync a login, ${postgres}`, zh: `登录：${postgres} 每次登录的 fsync` },
            of(({ more }) => more.flushes),
            0.05,
            "",
          ),
          atMost(
            { en: `logins: server CPU a login, ${postgres}`, zh: `登录：${postgres} 每次登录的服务器 CPU` },
            of(({ micros }) => micros.server),
            70,
            "µs",
            yardstick(results),
          ),
        ]
      : []),
    ...times(results, "mariadb", "mysql2", 3),
    noErrors({ en: "logins, 64 clients", zh: "登录，64 个客户端" }, results),
  ]
}

/** What a server costs here that keeps nothing: how quick the machine is. */
function yardstick(results: readonly Result[]): Text | undefined {
  if (!has(results, "bare")) return undefined
  const micros = medianOf(results, names.bare, window => window.micros.server).toFixed(0)
  return {
    en: `${names.bare}: ${micros} µs on this machine`,
    zh: `${inChinese(names.bare)}：在这台机器上 ${micros} 微秒`,
  }
}

const slowly = { en: ", 512 clients, WeChat takes 20 ms", zh: "，512 个客户端，微信用时 20 毫秒" }

/** With 512 clients and a WeChat that takes 20 ms. */
export function judgeSlow(results: readonly Result[]): readonly Verdict[] {
  return [
    ...times(results, "postgres", "axios", 6, slowly),
    noErrors({ en: `logins${slowly.en}`, zh: `登录${slowly.zh}` }, results),
  ]
}

/** With one client: nobody waits for others who don't come. */
export function judgeAlone(results: readonly Result[]): readonly Verdict[] {
  if (!has(results, "postgres") || !has(results, "single")) return []
  const ratio = median(ratios(results, names.postgres, names.single, ({ p50 }) => p50))
  // Both run the same statement then; what is told apart below a twentieth is noise.
  const verdict: Verdict = {
    what: {
      en: `logins, one client: p50 of ${names.postgres} to ${names.single}`,
      zh: `登录，单个客户端：${names.postgres} 与 ${inChinese(names.single)} 的 p50 之比`,
    },
    value: ratio,
    unit: "×",
    target: "≤ 1 (± 0.05)",
    met: ratio <= 1.05,
  }
  return [verdict, noErrors({ en: "logins, one client", zh: "登录，单个客户端" }, results)]
}
