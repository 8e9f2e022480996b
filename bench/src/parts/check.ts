import { join } from "node:path"
import { atLeast, type Bench, type Part, type Report } from "../bench.ts"
import { temporaryFolder } from "../measure/folders.ts"
import { installPeers } from "../measure/peers.ts"
import { startRedis } from "../measure/redis.ts"
import { alternate, type Candidate, median, noErrors, type Result, ratios } from "../measure/rounds.ts"
import { renderFigures, summarize } from "../measure/table.ts"

function candidates(headers: string, redisUrl: string | undefined): readonly Candidate[] {
  const env = { BENCH_HEADERS: headers, ...(redisUrl === undefined ? {} : { BENCH_REDIS: redisUrl }) }
  const own = (name: string, id: string, against?: string): Candidate => ({
    name,
    server: { file: "src/servers/check.ts", args: [id], cpu: 0, env },
    ...(against === undefined ? {} : { against }),
  })
  const peer = (name: string, id: string): Candidate => ({
    name,
    server: { file: "peers/check.js", args: [id], cpu: 0, env },
  })
  return [
    own("node:http, reads the header only", "node-bare"),
    own("node:http + Denglu", "node-ours"),
    own("Fastify, reads the header only", "fastify-bare"),
    own("Fastify + Denglu", "fastify-ours", "Fastify, reads the header only"),
    own("Express, reads the header only", "express-bare"),
    own("Express + Denglu", "express-ours", "Express, reads the header only"),
    ...(redisUrl !== undefined
      ? [
          peer("Fastify + @fastify/jwt", "fastify-jwt"),
          peer("Hono + jose", "hono-jose"),
          peer("Express + jsonwebtoken, KeyObject", "express-jwt-keyobject"),
          peer("Express + jsonwebtoken, string secret", "express-jwt-string"),
          peer("Express + express-session + connect-redis", "express-session-redis"),
          peer("better-auth, SQLite in memory", "better-auth"),
        ]
      : []),
  ]
}

export const check: Part = {
  name: "check",
  does: "GET /me behind a token that has been seen before, 1,000 tokens in turn, 64 connections",
  tools: ({ peers }) => ["wrk", "taskset", ...(peers ? (["redis-server"] as const) : [])],
  async run(bench: Bench): Promise<Report> {
    if (bench.peers) installPeers(bench.say)
    const headers = join(temporaryFolder(), "headers.txt")
    const redis = bench.peers ? await startRedis() : undefined
    const all = candidates(headers, redis?.url)
    try {
      return report(
        all,
        await alternate({
          candidates: all,
          rounds: bench.rounds,
          warmUpSeconds: 3,
          seconds: bench.seconds,
          repeats: bench.repeats,
          path: "/me",
          load: () => ({
            script: "check.lua",
            connections: 64,
            env: () => ({ BENCH_HEADERS: headers }),
            own: { database: redis === undefined ? [] : [redis.pid] },
          }),
          say: bench.say,
        }),
        bench,
      )
    } finally {
      await redis?.stop()
    }
  },
}

const to = (one: string, other: string) => ({
  en: `token check: ${one} to ${other}`,
  zh: `校验令牌：${one} 与 ${other} 之比`,
})

function report(all: readonly Candidate[], results: readonly Result[], { say }: Bench): Report {
  const figures = summarize(all, results)
  say(`\n${renderFigures(figures, "requests")}\n`)
  const ratio = (one: number, other: number) =>
    median(ratios(results, all[one]?.name ?? "", all[other]?.name ?? ""))
  return {
    figures,
    verdicts: [
      atLeast(to("node:http + Denglu", "node:http"), ratio(1, 0), 0.95),
      atLeast(to("Fastify + Denglu", "Fastify"), ratio(3, 2), 0.97),
      atLeast(to("Express + Denglu", "Express"), ratio(5, 4), 0.97),
      ...all
        .slice(6)
        .map(({ name }, index) => atLeast(to("node:http + Denglu", name), ratio(1, 6 + index), 1.8)),
      noErrors({ en: "token check", zh: "校验令牌" }, results),
    ],
  }
}
