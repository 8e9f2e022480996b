import type { SigningKeyRecord } from "../store/store.ts"

export interface RotationPlanOptions {
  readonly now: number
  readonly force: boolean
  readonly rotateEvery: number
  readonly keepPrevious: number
  readonly createKey: (status: SigningKeyRecord["status"]) => SigningKeyRecord
}

/**
 * What the set of signing keys should be now, or `undefined` if it is right as it is.
 *
 * next → current → previous → gone: the next key is published at least one turn before it signs, so that a verifier that
 * keeps the JWKS knows it; a previous key verifies until the last token it signed is over.
 */
export function planRotation(
  keys: readonly SigningKeyRecord[],
  options: RotationPlanOptions,
): readonly SigningKeyRecord[] | undefined {
  const { now, createKey } = options
  const current = keys.find(key => key.status === "current")
  const next = keys.find(key => key.status === "next")
  const kept = keys.filter(key => key.status === "previous" && now - key.statusSince <= options.keepPrevious)
  const outlived = keys.filter(key => key.status === "previous").length - kept.length

  if (current === undefined) {
    const promoted =
      next === undefined ? createKey("current") : { ...next, status: "current" as const, statusSince: now }
    return [...kept, promoted, createKey("next")]
  }
  if (options.force || now - current.statusSince >= options.rotateEvery) {
    const promoted =
      next === undefined ? createKey("current") : { ...next, status: "current" as const, statusSince: now }
    return [...kept, { ...current, status: "previous", statusSince: now }, promoted, createKey("next")]
  }
  if (next === undefined) return [...kept, current, createKey("next")]
  return outlived > 0 ? [...kept, current, next] : undefined
}
