import { auditInMemory } from "./memory-audit.ts"
import { leavingInMemory } from "./memory-leaving.ts"
import { openingInMemory } from "./memory-opening.ts"
import { passwordsInMemory } from "./memory-passwords.ts"
import { peopleInMemory } from "./memory-people.ts"
import { phonesInMemory } from "./memory-phones.ts"
import { platformMethodsInMemory } from "./memory-platforms.ts"
import { profilesInMemory } from "./memory-profiles.ts"
import { scansInMemory } from "./memory-scans.ts"
import { smsInMemory } from "./memory-sms.ts"
import type { MemoryState, RunInMemory } from "./memory-state.ts"
import type { ScriptedStore } from "./scripted-store.ts"

/** In memory what are scripts elsewhere, one file a subject. */
export function scriptedMethodsInMemory(state: MemoryState, run: RunInMemory): ScriptedStore {
  return {
    ...auditInMemory(state, run),
    ...leavingInMemory(state, run),
    ...openingInMemory(state, run),
    ...passwordsInMemory(state, run),
    ...peopleInMemory(state, run),
    ...phonesInMemory(state, run),
    ...platformMethodsInMemory(state, run),
    ...profilesInMemory(state, run),
    ...scansInMemory(state, run),
    ...smsInMemory(state, run),
  }
}
