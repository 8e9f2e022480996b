/** `known-people.ts FILE`: logs everybody in once who is to be known when the measurement begins, and ends. */
import { codeOf, knownPeople, sessionAnswer } from "./session-answer.ts"
import { sqliteLogin } from "./sqlite-login.ts"

const login = await sqliteLogin(process.argv[2] ?? "", 256, {
  simulator: "http://127.0.0.1:1",
  fetch: async request => new Response(sessionAnswer(request.url)),
})

let next = 0
async function client(): Promise<void> {
  while (next < knownPeople) {
    const body = JSON.stringify({ code: codeOf(next, 0) })
    next += 1
    const response = await login.fetch(new Request("http://bench/login", { method: "POST", body }))
    if (response.status !== 200)
      throw new Error(`login answered ${response.status}: ${await response.text()}`)
  }
}
await Promise.all(Array.from({ length: 64 }, client))
await login.close()
