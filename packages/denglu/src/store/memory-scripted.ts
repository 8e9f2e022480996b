import { auditInMemory } from "./memory-audit.ts"
import { phonesInMemory } from "./memory-phones.ts"
import type { MemoryState, RunInMemory } from "./memory-state.ts"
import type { ScriptedStore } from "./scripted-store.ts"

/** In memory what are scripts elsewhere, one file a subject. */
export function scriptedMethodsInMemory(state: MemoryState, run: RunInMemory): ScriptedStore {
  return { ...auditInMemory(state, run), ...phonesInMemory(state, run) }
}
