/**
 * `remember.ts cost|pass`: prints as JSON what a remembered token costs, or what memory does while ten million tokens pass through
 * a bounded table. Needs `--expose-gc`.
 */
import { createHash } from "node:crypto"
import { createRememberedTokens } from "../../../packages/denglu/src/session/remembered-tokens.ts"
import { readVerifiedToken, type VerifiedToken } from "../../../packages/denglu/src/session/verified-token.ts"

const collect = globalThis.gc
if (collect === undefined) throw new Error("run with --expose-gc")

/** Bytes that are held, those outside V8's heap included. */
function held(): number {
  collect?.()
  collect?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** What a token says, with strings of its own, as they come out of a token that is checked. */
function verifiedOf(index: number) {
  const hash = createHash("sha256").update(String(index)).digest("hex")
  const claims = JSON.stringify({
    sub: hash.slice(0, 26),
    client_id: "wxsim0000000000001",
    sid: hash.slice(26, 52),
    exp: 1_800_001_800 + index,
  })
  return readVerifiedToken(JSON.parse(claims)) as VerifiedToken
}

/** As long as ours are. */
const tokenOf = (index: number) => `eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.${index}.${"x".repeat(365)}`

/** At its dearest, one of the two tables having just been filled and the other being empty; and with a million of them. */
function cost(limit: number, count: number) {
  const before = held()
  const table = createRememberedTokens(limit)
  const fullAt = 0.75 * 2 ** Math.floor(Math.log2(limit / 1.5))
  let index = 0
  const fillTo = (size: number) => {
    for (; table.size < size; index += 1) table.remember(tokenOf(index), verifiedOf(index))
    return { size: table.size, bytes: (held() - before) / table.size }
  }
  return { dearest: fillTo(fullAt), million: fillTo(count) }
}

function pass(count: number, limit: number) {
  const table = createRememberedTokens(limit)
  const samples: { readonly held: number; readonly resident: number }[] = []
  let largest = 0
  for (let index = 1; index <= count; index += 1) {
    table.remember(tokenOf(index), verifiedOf(index))
    if (index % (count / 10) === 0) {
      samples.push({ held: held(), resident: process.memoryUsage.rss() })
      largest = Math.max(largest, table.size)
    }
  }
  return { largest, samples }
}

console.log(
  JSON.stringify(process.argv[2] === "cost" ? cost(2_000_000, 1_000_000) : pass(10_000_000, 100_000)),
)
