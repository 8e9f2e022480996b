import { join } from "node:path"
import { atLeast, type Bench, type Part, type Verdict } from "../bench.ts"
import { temporaryFolder } from "../measure/folders.ts"
import { installPeers } from "../measure/peers.ts"
import { alternate, type Candidate, median, type Result } from "../measure/rounds.ts"
import { renderResults } from "../measure/table.ts"

function candidates(headers: string, peers: boolean): readonly Candidate[] {
  const env = { BENCH_HEADERS: headers }
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
    ...(peers
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
  async run(bench: Bench): Promise<readonly Verdict[]> {
    if (bench.peers) installPeers(bench.say)
    const headers = join(temporaryFolder(), "headers.txt")
    const all = candidates(headers, bench.peers)
    const results = await alternate({
      candidates: all,
      rounds: bench.rounds,
      warmUpSeconds: 1,
      seconds: bench.seconds,
      path: "/me",
      load: () => ({ script: "check.lua", connections: 64, env: { BENCH_HEADERS: headers }, own: [] }),
      say: bench.say,
    })
    bench.say(`\n${renderResults(all, results, "requests")}\n`)
    // Neighbours within a round met the same machine: the ratio is taken round by round.
    const ratio = (one: string, other: string) => median(ratios(results, one, other))
    return [
      atLeast(
        "token check: node:http + Denglu to bare node:http",
        ratio(all[1]?.name ?? "", all[0]?.name ?? ""),
        0.95,
      ),
      atLeast(
        "token check: Fastify + Denglu to bare Fastify",
        ratio(all[3]?.name ?? "", all[2]?.name ?? ""),
        0.97,
      ),
      atLeast(
        "token check: Express + Denglu to bare Express",
        ratio(all[5]?.name ?? "", all[4]?.name ?? ""),
        0.97,
      ),
      ...all
        .slice(6)
        .map(({ name }) =>
          atLeast(`token check: node:http + Denglu to ${name}`, ratio(all[1]?.name ?? "", name), 1.8),
        ),
    ]
  },
}

export function ratios(results: readonly Result[], one: string, other: string): readonly number[] {
  const of = (name: string) => results.find(result => result.name === name)?.windows ?? []
  return of(one).map((window, index) => window.perSecond / (of(other)[index]?.perSecond ?? Number.NaN))
}
