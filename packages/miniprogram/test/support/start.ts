import { createLogin, type Login, type LoginOptions, type Platform } from "@denglu/miniprogram"
import { vi } from "vitest"
import { answerAll } from "./replies.ts"
import {
  createScriptedPlatform,
  type ScriptedCall,
  type ScriptedPlatform,
  type ScriptedSettings,
} from "./scripted-platform.ts"

export const baseUrl = "https://api.example.com"

export interface Started {
  readonly phone: ScriptedPlatform
  readonly login: Login<Platform>
}

/** The SDK on a scripted platform. */
export function start(
  settings: ScriptedSettings = {},
  options: Partial<LoginOptions<Platform>> = {},
): Started {
  const phone = createScriptedPlatform(settings)
  return { phone, login: createLogin({ baseUrl, platform: phone.platform, ...options }) }
}

/** Answers a call, or says `false`: then all goes well. */
export type Rule = (call: ScriptedCall) => unknown

/** The SDK, logged in as `access-1` where all goes well but what the rule answers. */
export async function startLoggedIn(
  rule: Rule = () => false,
  options: Partial<LoginOptions<Platform>> = {},
): Promise<Started & { rule(next: Rule): void }> {
  const all = answerAll()
  let current: Rule = () => false
  const onCall = (call: ScriptedCall) => {
    if (current(call) === false) all(call)
  }
  const started = start({ onCall }, options)
  await started.login.login()
  current = rule
  return {
    ...started,
    rule(next) {
      current = next
    },
  }
}

/** Lets everything run that needs no time. */
export async function soon(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0)
}
