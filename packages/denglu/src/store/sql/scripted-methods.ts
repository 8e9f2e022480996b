import type { ScriptedStore } from "../scripted-store.ts"
import { auditByScripts } from "./audit-scripts.ts"
import { leavingMethods } from "./leaving.ts"
import { openingMethods } from "./open-session-of.ts"
import { passwordMethods } from "./passwords.ts"
import { peopleMethods } from "./people.ts"
import { phoneMethods } from "./phones.ts"
import { platformMethods } from "./platforms.ts"
import { profileMethods } from "./profiles.ts"
import { scanMethods } from "./scans.ts"
import type { ScriptRunner } from "./script.ts"
import { smsMethods } from "./sms.ts"

/** The methods of the store that SQLite, PostgreSQL and MySQL have in common, one file a subject. */
export function scriptedMethods(run: ScriptRunner): ScriptedStore {
  return {
    ...auditByScripts(run),
    ...leavingMethods(run),
    ...openingMethods(run),
    ...passwordMethods(run),
    ...peopleMethods(run),
    ...phoneMethods(run),
    ...platformMethods(run),
    ...profileMethods(run),
    ...scanMethods(run),
    ...smsMethods(run),
  }
}
