import type { ConformanceCase } from "../conformance-case.ts"
import { mustBeRefused, mustBeServed, mustHappen, mustNot, mustSettle } from "../outcome.ts"
import { field, problem } from "../pretend-server.ts"
import { defineCase, type Stage } from "../stage.ts"

/** What no code may meet twice: WeChat takes each once. */
function codesSentTwice({ server }: Stage): readonly string[] {
  const codes = server.arrived("/login").map(({ data }) => field(data, "code"))
  return codes.filter((code, index) => codes.indexOf(code) < index)
}

const sendsACodeOnce = (how: string, harm: (stage: Stage) => void) =>
  defineCase(
    `A code is sent once, also when ${how}`,
    "WeChat takes a code once. Sent again, it is answered with an error, and the person with it.",
    async stage => {
      harm(stage)
      const client = stage.open()
      mustSettle([await stage.ask(client)])
      stage.network.heal()
      mustSettle([await stage.ask(client)])
      mustNot(stage.logins() === 0, "no code was sent at all")
      mustNot(codesSentTwice(stage).length > 0, "the same code was sent again")
    },
  )

export const loginRules: readonly ConformanceCase[] = [
  defineCase(
    "Ten requests at a cold start make one wx.login and one POST /login",
    "The first page of a mini program asks for many things at once. Ten logins are ten sessions, and one code voids another.",
    async stage => {
      mustBeServed(await stage.askTogether(stage.open(), 10))
      mustHappen("wx.login", stage.platform.logins, 1)
      mustHappen("POST /login", stage.logins(), 1)
    },
  ),
  defineCase(
    "Ten who wait for a login are all told when wx.login fails",
    "Who is not told shows a spinner for ever.",
    async stage => {
      stage.platform.loginMood = "fails"
      mustBeRefused(await stage.askTogether(stage.open(), 10))
    },
  ),
  defineCase(
    "Ten who wait for a login are all told when wx.login never calls back",
    "It has been seen on devices. Who is not told shows a spinner for ever.",
    async stage => {
      stage.platform.loginMood = "stuck"
      mustBeRefused(await stage.askTogether(stage.open(), 10))
    },
  ),
  defineCase(
    "Ten who wait for a login are all told when POST /login is never answered",
    "In a lift every answer is lost. wx.request waits for a minute unless it is told a timeout.",
    async stage => {
      stage.network.fail("/login", "unanswered")
      mustBeRefused(await stage.askTogether(stage.open(), 10))
    },
  ),
  defineCase(
    "Ten who wait for a login are all told when POST /login is answered 500",
    "Who is not told shows a spinner for ever; who is told it worked sends requests without a token.",
    async stage => {
      stage.network.fail("/login", problem(500, "internal"))
      mustBeRefused(await stage.askTogether(stage.open(), 10))
    },
  ),
  defineCase(
    "After a failed login the next request tries again",
    "A client that remembers its failure is out until the mini program is killed.",
    async stage => {
      stage.platform.loginMood = "fails"
      const client = stage.open()
      mustBeRefused([await stage.ask(client)])
      stage.platform.loginMood = "works"
      mustBeServed([await stage.ask(client)])
    },
  ),
  sendsACodeOnce("the answer to it was lost", ({ network }) => network.fail("/login", "lost", 1)),
  sendsACodeOnce("POST /login is answered 503", ({ network }) =>
    network.fail("/login", problem(503, "wechat_unreachable"), 1),
  ),
]
