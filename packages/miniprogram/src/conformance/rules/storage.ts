import type { ConformanceCase } from "../conformance-case.ts"
import { mustBeServed, mustHappen } from "../outcome.ts"
import type { StorageMood } from "../pretend-storage.ts"
import { defineCase } from "../stage.ts"

const logsInWithStorage = (name: string, why: string, mood: StorageMood) =>
  defineCase(name, why, async stage => {
    stage.storage.mood = mood
    const client = stage.open()
    mustBeServed([await stage.ask(client), await stage.ask(client)])
    mustHappen("POST /login", stage.logins(), 1)
  })

/** What has been found where a session should be, after updates, crashes and other people's code. */
const broken: readonly unknown[] = ["{", "undefined", 42, true, [], {}, { session: {} }, { access_token: 7 }]

export const storageRules: readonly ConformanceCase[] = [
  logsInWithStorage(
    "Storage that throws does not stop a login",
    "A login that can't be kept still works until the mini program is closed.",
    "refuses",
  ),
  logsInWithStorage(
    "Storage that is full does not stop a login",
    "Pictures in a cache fill the 10 MB, and then nobody gets in.",
    "full",
  ),
  defineCase(
    "A cold start with a kept session makes no login",
    "A login at each start is the slowest thing in it, and another session a time.",
    async stage => {
      await stage.openLoggedIn()
      mustBeServed(await stage.askTogether(stage.open(), 3))
      mustHappen("wx.login", stage.platform.logins, 1)
      mustHappen("POST /login", stage.logins(), 1)
    },
  ),
  defineCase(
    "A broken value in storage is a fresh start",
    "Who throws at it has locked the person out until they delete the mini program.",
    async stage => {
      await stage.openLoggedIn()
      for (const value of broken) {
        for (const key of stage.storage.keys) stage.storage.write(key, value)
        mustBeServed([await stage.ask(stage.open())])
      }
    },
  ),
]
