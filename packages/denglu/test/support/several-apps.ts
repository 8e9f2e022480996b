import { createSimulator } from "@denglu/simulator"
import type { LoginOptions } from "denglu"
import { type Answer, type Harness, startHarness, type TokenAnswer } from "./harness.ts"

/** A login for two mini programs, a website and an official account; the second mini program is bound to no open-platform account. */
export interface SeveralApps extends Harness {
  /** A code of this person in one of the apps. */
  codeIn(app: AppName, person: string): string
  /** `POST /login` with such a code; fails the test if it does not come about. */
  logInTo(app: AppName, person: string): Promise<TokenAnswer>
  /** `POST /login` with such a code, whatever comes of it. */
  tryIn(app: AppName, person: string, more?: object): Promise<Answer>
  /** Binds an app to the open-platform account: from now on its people have a unionid. */
  bind(app: AppName): void
}

export const apps = {
  shop: "wxsim0000000000sho",
  club: "wxsim0000000000clu",
  website: "wxsim0000000000web",
  account: "wxsim0000000000acc",
} as const
export type AppName = keyof typeof apps

const secret = "0123456789abcdef0123456789abcdef"

export async function startSeveralApps(options: Partial<LoginOptions> = {}): Promise<SeveralApps> {
  const simulator = createSimulator({
    apps: [
      { appid: apps.shop, secret },
      { appid: apps.club, secret, boundToOpenPlatform: false },
      { appid: apps.website, secret, kind: "website" },
      { appid: apps.account, secret, kind: "official_account" },
    ],
  })
  const harness = await startHarness(
    {
      apps: [
        { appid: apps.shop, secret },
        { appid: apps.club, secret },
        { appid: apps.website, secret, kind: "website" },
        { appid: apps.account, secret, kind: "official_account" },
      ],
      ...options,
    },
    simulator,
  )

  const codeIn = (app: AppName, user: string) => {
    const appid = apps[app]
    return app === "shop" || app === "club"
      ? simulator.issueCode({ appid, user })
      : simulator.issueOauthCode({ appid, user })
  }
  const tryIn = (app: AppName, person: string, more: object = {}) =>
    harness.send("POST", "/login", { body: { appid: apps[app], code: codeIn(app, person), ...more } })

  return {
    ...harness,
    codeIn,
    tryIn,
    async logInTo(app, person) {
      const answer = await tryIn(app, person)
      if (answer.status !== 200) throw new Error(`login answered ${answer.status}: ${answer.text}`)
      return answer.body
    },
    bind: app =>
      void simulator.addApp({
        ...simulator.state().apps.find(({ appid }) => appid === apps[app]),
        boundToOpenPlatform: true,
      }),
  }
}
