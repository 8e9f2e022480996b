import { createHash } from "node:crypto"

/** How many people have logged in before a measurement begins. */
export const knownPeople = 100_000

/** The code of a person's n-th login: whose it is stands in its first ten digits. `login.lua` writes them too. */
export function codeOf(person: number, login: number): string {
  return `${String(person).padStart(10, "0")}${String(login).padStart(22, "0")}`
}

/** What the bench's WeChat answers to a URL of jscode2session. */
export function sessionAnswer(url: string): string {
  const code = /js_code=(\d+)/.exec(url)?.[1] ?? ""
  const person = code.slice(0, 10).padStart(22, "A")
  // Every login brings a new key: the most a store can be asked to do.
  const sessionKey = createHash("md5").update(code).digest("base64")
  return JSON.stringify({ session_key: sessionKey, openid: `oBench${person}`, unionid: `uBench${person}` })
}
