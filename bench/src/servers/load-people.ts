/** `load-people.ts STORE PEOPLE SESSIONS EVERY FILE`: logs people in, and writes a refresh token of every EVERY-th session to FILE. */
import { writeFileSync } from "node:fs"
import { openBenchStore } from "./open-bench-store.ts"
import { logPeopleIn } from "./people.ts"

const [, , url = "", people, sessions, every, file = ""] = process.argv
const store = await openBenchStore(url, undefined)
const tokens = await logPeopleIn(store, {
  people: Number(people),
  sessions: Number(sessions),
  tokenEvery: Number(every),
})
await store.close()
writeFileSync(file, `${tokens.join("\n")}\n`)
