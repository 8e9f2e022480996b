import { type Answer, type Harness, startHarness } from "./harness.ts"

/** A harness with alice, who is logged in, and bob; both have numbers that WeChat's documents show. */
export interface PhoneHarness extends Harness {
  /** Alice's access token. */
  readonly token: string
  /** Alice. */
  readonly userId: string
  /** A code of the phone-number button, as this person got it. */
  phoneCode(person: string): string
  bind(token: string, code: string): Promise<Answer>
  unbind(token: string): Promise<Answer>
  /** What `GET /me` says of the phone. */
  phoneOf(token: string): Promise<Answer["body"]>
  /** Logs in and answers the access token. */
  tokenOf(person: string): Promise<string>
  /** How often WeChat was asked. */
  asked(endpoint?: string): number
}

export async function startPhoneHarness(options?: Parameters<typeof startHarness>[0]): Promise<PhoneHarness> {
  const harness = await startHarness(options)
  const { simulator, send, logIn } = harness
  simulator.addUser({ name: "alice", phone: "13800138000" })
  simulator.addUser({ name: "bob", phone: "13900139000" })
  const alice = await logIn("alice")
  return {
    ...harness,
    token: alice.access_token,
    userId: alice.user.id,
    phoneCode: user => simulator.issuePhoneCode({ user }),
    bind: (token, code) => send("POST", "/me/phone", { token, body: { code } }),
    unbind: token => send("DELETE", "/me/phone", { token }),
    phoneOf: async token => (await send("GET", "/me", { token })).body.phone,
    tokenOf: async person => (await logIn(person)).access_token,
    asked: (endpoint = "getuserphonenumber") =>
      simulator.calls.filter(call => call.endpoint === endpoint).length,
  }
}
