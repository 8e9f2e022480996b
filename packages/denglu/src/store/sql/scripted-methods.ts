import type { ScriptedStore } from "../scripted-store.ts"
import { auditByScripts } from "./audit-scripts.ts"
import { phoneScripts } from "./phones.ts"
import type { ScriptRunner } from "./script.ts"

/** The methods of the store that SQLite, PostgreSQL and MySQL have in common, one file a subject. */
export function scriptedMethods(run: ScriptRunner): ScriptedStore {
  return { ...auditByScripts(run), ...phoneScripts(run) }
}
