import type { LoginOptions } from "denglu"
import { type Answer, type Harness, type SendOptions, startHarness } from "./harness.ts"

/** Hashes that cost next to nothing, as tests make many. */
export const cheapHashes = { memory: 1_024, passes: 1 } as const

export const alice = { account: "alice", password: "three white horses" } as const

export interface PasswordHarness extends Harness {
  register(given?: object, options?: SendOptions): Promise<Answer>
  logInWith(given?: object, options?: SendOptions): Promise<Answer>
}

/** A login where anybody may register. */
export async function passwordHarness(options: Partial<LoginOptions> = {}): Promise<PasswordHarness> {
  const harness = await startHarness({
    passwords: { registration: true, argon2: cheapHashes },
    ...options,
  })
  const post =
    (path: string) =>
    (given: object = {}, more: SendOptions = {}) =>
      harness.send("POST", path, { body: { ...alice, ...given }, ...more })
  return Object.assign(harness, { register: post("/register"), logInWith: post("/login/password") })
}

export const codeOf = ({ status, body }: Answer) => [status, body?.code]
