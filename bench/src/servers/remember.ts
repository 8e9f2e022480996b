/**
 * `remember.ts cost|pass`: prints as JSON what a remembered token costs, or what memory does while ten million tokens pass through
 * a bounded table. Needs `--expose-gc`.
 */
import { createHash } from "node:crypto"
import { readVerifiedToken } from "../../../packages/denglu/src/session/access-token.ts"
import { createRememberedTokens } from "../../../packages/denglu/src/session/remembered-tokens.ts"

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
  return readVerifiedToken(JSON.parse(claims)) as object
}

/** As long as ours are. */
const tokenOf = (index: number) => `eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.${index}.${"x".repeat(365)}`

function cost(count: number) {
  const before = held()
  const table = createRememberedTokens(4 * count)
  for (let index = 0; index < count; index += 1) table.remember(tokenOf(index), verifiedOf(index))
  const bytes = (held() - before) / table.size
  return { size: table.size, bytes }
}

function pass(count: number, limit: number) {
  const table = createRememberedTokens(limit)
  const samples: number[] = []
  let largest = 0
  for (let index = 1; index <= count; index += 1) {
    table.remember(tokenOf(index), verifiedOf(index))
    if (index % (count / 10) === 0) {
      samples.push(held())
      largest = Math.max(largest, table.size)
    }
  }
  return { largest, samples }
}

console.log(JSON.stringify(process.argv[2] === "cost" ? cost(1_000_000) : pass(10_000_000, 100_000)))
